import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs the work now, and again `pauseMs` after each run has ended. A failed run doesn't stop the repetition. `stop`
 * aborts the signal, so that the work can end early, and waits for the end of the run. A run that `stop` ends with the
 * signal's reason has not failed.
 */
export function repeat(
  pauseMs: number,
  work: (signal: AbortSignal) => Promise<unknown>,
  onFailure: (cause: unknown) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const run = async () => {
    while (!signal.aborted) {
      await work(signal).catch((cause) => {
        if (!signal.aborted || cause !== signal.reason) onFailure(cause)
      })
      await sleep(pauseMs, undefined, { signal }).catch(() => {})
    }
  }
  const running = run()
  return {
    stop() {
      stopping.abort()
      return running
    },
  }
}
