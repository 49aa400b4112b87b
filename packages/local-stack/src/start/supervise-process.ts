import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from './start-error.ts'

/** Is one run of a supervised process. */
export interface Run {
  /** Resolves with true when the process is ready, and with false if it ends before. */
  ready: Promise<boolean>
  exited: Promise<string>
}

export interface SupervisedProcess {
  /** Rejects with a StartError if the process was never ready and will not be started again. */
  ready: Promise<void>
  /** Stops restarting the process, and settles when its current run has ended. */
  release(): Promise<void>
}

const SHORT_RUN_MS = 10_000
const MAX_IMMEDIATE_RESTARTS = 2
const MAX_FAILED_STARTS = 5
const MAX_PAUSE_MS = 5_000
/**
 * API nodes and workers exit with this code (EX_CONFIG) if their configuration is wrong. Another start is then useless.
 */
const WRONG_CONFIGURATION = 'code 78'

/**
 * Starts a process again whenever it ends: immediately the first two times, then after pauses that double. It gives up
 * only on a process that was never ready: after five failed starts, or immediately if the configuration is wrong.
 */
export function superviseProcess(options: {
  name: string
  /** Tells the operator where the process logs why it ended. */
  hint: string
  start(): Run | Promise<Run>
  print(line: string): void
}): SupervisedProcess {
  const { name, hint } = options
  const released = new AbortController()
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => {})
  let wasReady = false

  const run = async () => {
    for (let endCount = 0; !released.signal.aborted; ) {
      const startedAtMs = Date.now()
      const current = await options.start()
      if (await current.ready) {
        wasReady = true
        ready.resolve()
      }
      const ending = await current.exited
      if (released.signal.aborted) return
      // After a long run, the ends are counted from 1 again.
      endCount = wasReady && Date.now() - startedAtMs > SHORT_RUN_MS ? 1 : endCount + 1
      if (!wasReady && ending === WRONG_CONFIGURATION)
        throw new StartError(`${name} can't start with this configuration. ${hint}`)
      if (!wasReady && endCount >= MAX_FAILED_STARTS)
        throw new StartError(`${name} ended immediately, ${endCount} times (${ending}). ${hint}`)
      options.print(`${name} ended (${ending}) and is started again. ${hint}`)
      await pause(endCount, released.signal)
    }
  }
  const done = run().catch(ready.reject)
  return {
    ready: ready.promise,
    release: () => {
      released.abort()
      return done
    },
  }
}

async function pause(endCount: number, signal: AbortSignal): Promise<void> {
  if (endCount <= MAX_IMMEDIATE_RESTARTS) return
  await sleep(Math.min(MAX_PAUSE_MS, 100 * 2 ** endCount), undefined, { signal }).catch(() => {})
}
