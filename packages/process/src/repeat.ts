import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Runs the work now, and again `pauseMs` after each run has ended. A failed run doesn't stop the repetition. `stop`
 * aborts the signal, so that the work can end early, and waits for the end of the run.
 */
export function repeat(
  pauseMs: number,
  work: (signal: AbortSignal) => Promise<unknown>,
  onFailure: (cause: unknown) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const run = async () => {
    while (!stopping.signal.aborted) {
      await work(stopping.signal).catch(onFailure)
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {})
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
