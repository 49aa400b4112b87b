import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from './start-error.ts'

/** Describes one run of a supervised process. */
export interface ProcessRun {
  /** Resolves with true when the process is ready, and with false if it ends before. */
  ready: Promise<boolean>
  /** Resolves to how the process ended, such as `SIGKILL` or `code 1`. */
  exited: Promise<string>
}

export interface SupervisedProcess {
  /**
   * Rejects with a StartError if supervision gives up before the process was ready. It stays pending if `stopRestarting`
   * is called before that.
   */
  ready: Promise<void>
  /** Stops restarting the process, and settles when its current run has ended. */
  stopRestarting(): Promise<void>
}

const SHORT_RUN_MS = 10_000
const MAX_IMMEDIATE_RESTARTS = 2
const MAX_FAILED_STARTS = 5
const FIRST_PAUSE_MS = 800
const MAX_PAUSE_MS = 5_000
/**
 * API nodes and workers exit with this code (EX_CONFIG) if their configuration is wrong. Another start is then useless.
 */
const WRONG_CONFIGURATION = 'code 78'

/**
 * Starts a process again whenever it ends: immediately the first two times, then after pauses that double up to 5 s. It
 * gives up only on a process that was never ready: after five failed starts, or immediately if its configuration is
 * wrong.
 */
export function superviseProcess(options: {
  name: string
  /** Ends each message with a sentence that names the log of the process. It may be empty. */
  logNote: string
  start(): ProcessRun | Promise<ProcessRun>
  print(line: string): void
}): SupervisedProcess {
  const { name, logNote } = options
  const stopping = new AbortController()
  const ready = Promise.withResolvers<void>()
  ready.promise.catch(() => {}) // The process may fail before a caller waits for `ready`.
  let wasReady = false

  /** Resolves to how the run ended. An error counts as an end, too, so that the process is started again. */
  const runOnce = async (): Promise<string> => {
    try {
      const { ready: runReady, exited } = await options.start()
      if (await Promise.race([runReady, exited.then(() => false)])) {
        wasReady = true
        ready.resolve()
      }
      return await exited
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }
  const run = async () => {
    let endCount = 0
    while (!stopping.signal.aborted) {
      const startedAtMs = Date.now()
      const ending = await runOnce()
      if (stopping.signal.aborted) return
      // After a long run, the ends are counted from 1 again.
      endCount = wasReady && Date.now() - startedAtMs > SHORT_RUN_MS ? 1 : endCount + 1
      if (!wasReady && ending === WRONG_CONFIGURATION)
        throw new StartError(`${name} can't start with this configuration. ${logNote}`)
      if (!wasReady && endCount >= MAX_FAILED_STARTS)
        throw new StartError(`${name} ended immediately, ${endCount} times (${ending}). ${logNote}`)
      options.print(`${name} ended (${ending}) and is started again. ${logNote}`)
      await pause(endCount, stopping.signal)
    }
  }
  const supervision = run().catch(ready.reject)
  return {
    ready: ready.promise,
    stopRestarting: () => {
      stopping.abort()
      return supervision
    },
  }
}

async function pause(endCount: number, signal: AbortSignal): Promise<void> {
  if (endCount <= MAX_IMMEDIATE_RESTARTS) return
  const pauseMs = FIRST_PAUSE_MS * 2 ** (endCount - MAX_IMMEDIATE_RESTARTS - 1)
  await sleep(Math.min(MAX_PAUSE_MS, pauseMs), undefined, { signal }).catch(() => {})
}
