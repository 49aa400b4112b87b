import type { Log } from '@engineer-chat/chat'

/** What still holds the process when everything is closed doesn't hold it for long. */
const LAST_MOMENT_MS = 2_000

/** One close for any number of signals, in the order given; a part that fails doesn't keep the next from closing. */
export function closeOnSignals(log: Log, parts: Array<() => PromiseLike<unknown>>): void {
  let isClosing = false
  const closeOnce = async (signal: string): Promise<void> => {
    if (isClosing) return
    isClosing = true
    log.info('EngineerChat.worker_closing', { signal })
    for (const part of parts) {
      await part().then(undefined, (error) => log.error('EngineerChat.close_failed', {}, error))
    }
    log.info('EngineerChat.worker_closed', { signal })
    setTimeout(() => process.exit(0), LAST_MOMENT_MS).unref()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void closeOnce(signal))
}
