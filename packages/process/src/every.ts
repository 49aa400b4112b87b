import { setTimeout as sleep } from 'node:timers/promises'

/** Runs the work now, and again each time that `ms` have passed since its end. A failed run doesn't stop the repetition. */
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
