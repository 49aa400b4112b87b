import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from './start-error.ts'

/** Is one run of a process that should run until it is stopped. */
export interface Run {
  /** Resolves with true once the process serves, or with false if it ends before. */
  ready: Promise<boolean>
  exited: Promise<string>
}

export interface SupervisedProcess {
  /** Rejects with a StartError if the process has never served and will not be started again. */
  ready: Promise<void>
  /** Stops restarting the process, and settles when its current run has ended. */
  release(): Promise<void>
}

const QUICK_DEATH_MS = 10_000
const MAX_QUICK_DEATHS = 2
const MAX_TRIES = 5
const MAX_WAIT_MS = 5_000
/** Our processes end with this code (EX_CONFIG) when their configuration is wrong, so another start is useless. */
const MISCONFIGURED = 'code 78'

/**
 * Starts a process again whenever it ends: at once the first two times, then after waits that double. It gives up only on
 * a process that has never served: after five deaths, or at once if the configuration is wrong.
 */
export function superviseProcess(options: {
  name: string
  /** Tells an operator where to find the reason for its end. */
  hint: string
  start(): Run | Promise<Run>
  print(line: string): void
}): SupervisedProcess {
  const { name, hint } = options
  const released = new AbortController()
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => {})
  let hasServed = false

  const run = async () => {
    for (let deaths = 0; !released.signal.aborted; ) {
      const startedAtMs = Date.now()
      const current = await options.start()
      if (await current.ready) {
        hasServed = true
        ready.resolve()
      }
      const ending = await current.exited
      if (released.signal.aborted) return
      deaths = hasServed && Date.now() - startedAtMs > QUICK_DEATH_MS ? 1 : deaths + 1
      if (!hasServed && ending === MISCONFIGURED)
        throw new StartError(`${name} can't start with this configuration. ${hint}`)
      if (!hasServed && deaths >= MAX_TRIES)
        throw new StartError(`${name} ended at once, ${deaths} times (${ending}). ${hint}`)
      options.print(`${name} ended (${ending}) and is started again. ${hint}`)
      await pause(deaths, released.signal)
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

async function pause(deaths: number, signal: AbortSignal): Promise<void> {
  if (deaths <= MAX_QUICK_DEATHS) return
  await sleep(Math.min(MAX_WAIT_MS, 100 * 2 ** deaths), undefined, { signal }).catch(() => {})
}
