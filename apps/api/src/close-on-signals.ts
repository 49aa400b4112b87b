import type { Log } from '@engineer-chat/chat'

/** One close for any number of signals, in the order given; a part that fails doesn't keep the next from closing. */
export function closeOnSignals(log: Log, grace_ms: number, parts: Array<() => PromiseLike<unknown>>): void {
  let closing: Promise<void> | undefined
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => void once(signal))
  }

  function once(signal: string): Promise<void> {
    closing ??= close(signal)
    return closing
  }

  async function close(signal: string): Promise<void> {
    log.info('EngineerChat.api_closing', { signal })
    setTimeout(() => process.exit(1), grace_ms).unref() // whatever still holds on is left to the next node
    for (const part of parts) {
      await part().then(undefined, (error) => log.error('EngineerChat.close_failed', {}, error))
    }
    log.info('EngineerChat.api_closed', { signal })
  }
}
