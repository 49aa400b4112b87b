/** An open handle keeps the process alive at most this long after the last step. */
const FORCED_EXIT_MS = 2_000

export interface ShutdownOptions {
  /** The deadline counts from the first signal. If the steps take longer in total, the process exits with 1. */
  deadlineMs: number
  onClosing(signal: string): void
  onClosed(signal: string): void
  onFailure(cause: unknown): void
}

/**
 * Runs the steps once, at the first SIGTERM or SIGINT. They run one after another, also after a step that
 * failed. The process then exits with 0, even if a handle is still open.
 */
export function shutDownOnSignals(steps: Array<() => unknown>, options: ShutdownOptions): void {
  const { deadlineMs, onClosing, onClosed, onFailure } = options
  let isClosing = false
  const close = async (signal: string): Promise<void> => {
    if (isClosing) return
    isClosing = true
    onClosing(signal)
    const deadline = setTimeout(() => process.exit(1), deadlineMs)
    for (const step of steps) {
      try {
        await step()
      } catch (cause) {
        onFailure(cause)
      }
    }
    clearTimeout(deadline)
    onClosed(signal)
    setTimeout(() => process.exit(0), FORCED_EXIT_MS).unref()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void close(signal))
}
