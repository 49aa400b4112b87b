import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningProcess } from '@engineer-chat/proof'
import type { Breakable } from '../net/link.ts'

export interface SupervisedProcessOptions {
  name: string
  role: 'api' | 'worker'
  links: Breakable[]
  start(env?: Record<string, string>): Promise<RunningProcess>
  /** Handles the end of the process, unless this object ended it or is closed. */
  onDeath(name: string, code: number | string, log: string[]): void
  /** Handles a failed start. A start is then tried again. */
  onStartFailure(text: string): void
}

const START_RETRY_PAUSE_MS = 300

/** Runs one process of the product and restarts it when it ends, as a supervisor does. */
export class SupervisedProcess {
  readonly name: string
  readonly role: 'api' | 'worker'
  readonly links: Breakable[]
  /** Sets how far the wall clock of the next process is ahead of the real time. A negative value puts it behind. */
  skewMs = 0
  readonly #options: SupervisedProcessOptions
  #running: RunningProcess | undefined
  #isClosed = false
  /** True means that this object itself ends the process. Otherwise an end is reported to `onDeath`. */
  #isEndExpected = false

  private constructor(options: SupervisedProcessOptions) {
    this.name = options.name
    this.role = options.role
    this.links = options.links
    this.#options = options
  }

  /** Starts the process for the first time. @throws when it does not start */
  static async open(options: SupervisedProcessOptions): Promise<SupervisedProcess> {
    const supervised = new SupervisedProcess(options)
    supervised.#watch(await options.start())
    return supervised
  }

  /** Returns the running process; undefined while there is none. */
  get running(): RunningProcess | undefined {
    return this.#running
  }

  /** Sends SIGKILL and starts a new process after the pause, unless this object is closed. */
  async killAndRestart(pauseMs: number): Promise<void> {
    this.#isEndExpected = true
    await this.#running?.kill()
    await sleep(pauseMs)
    await this.#start()
  }

  freeze(): void {
    this.#running?.child.kill('SIGSTOP')
  }

  unfreeze(): void {
    this.#running?.child.kill('SIGCONT')
  }

  /**
   * Sends SIGTERM, starts a new process unless this object is closed, and returns how the old one ended; undefined if
   * there was none.
   */
  async replace(): Promise<number | string | undefined> {
    const oldProcess = this.#running
    this.#isEndExpected = true
    await oldProcess?.kill('SIGTERM')
    await this.#start()
    return oldProcess?.exited
  }

  /** Prevents every later start. It does not end the running process. */
  close(): void {
    this.#isClosed = true
  }

  async #start(): Promise<void> {
    const { start, onStartFailure } = this.#options
    while (!this.#isClosed) {
      const env = { CHAOS_CLOCK_SKEW_MS: String(this.skewMs) }
      // A start fails while MySQL is down, so it is tried again, as a supervisor does.
      const startedProcess = await start(env).catch((error: Error): undefined => {
        onStartFailure(`${this.name} did not start: ${error.message.slice(-400)}`)
      })
      if (startedProcess) return this.#watch(startedProcess)
      await sleep(START_RETRY_PAUSE_MS)
    }
  }

  #watch(startedProcess: RunningProcess): void {
    this.#running = startedProcess
    this.#isEndExpected = false
    void startedProcess.exited.then((code) => this.#onExit(startedProcess, code))
  }

  #onExit(endedProcess: RunningProcess, code: number | string): void {
    if (this.#running !== endedProcess) return
    this.#running = undefined
    if (this.#isEndExpected || this.#isClosed) return
    this.#options.onDeath(this.name, code, endedProcess.log)
    void this.#start()
  }
}
