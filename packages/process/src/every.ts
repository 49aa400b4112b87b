import { setTimeout as sleep } from 'node:timers/promises'

/** Does the work now, and again each time that `ms` have passed since its end; a failed run isn't the last. */
export function every(
  ms: number,
  work: () => Promise<unknown>,
  onFailure: (cause: unknown) => void,
): { stop(): Promise<void> } {
  const stopped = new AbortController()
  const run = async () => {
    while (!stopped.signal.aborted) {
      await work().catch(onFailure)
      await sleep(ms, undefined, { signal: stopped.signal }).catch(() => {})
    }
  }
  const running = run()
  return {
    stop() {
      stopped.abort()
      return running
    },
  }
}
