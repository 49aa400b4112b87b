import { setTimeout as sleep } from 'node:timers/promises'
import type { Running } from '@engineer-chat/proof'
import type { Breakable } from '../net/link.ts'

/** A place for one process of the product: whatever ends in it is started anew, as a supervisor would. */
export interface ProcessSlot {
  readonly name: string
  readonly role: 'api' | 'worker'
  /** Undefined while nothing runs here. */
  readonly running: Running | undefined
  readonly links: Breakable[]
  /** For the next start. */
  skew_ms: number
  isStopped: boolean
  /** SIGKILL; it comes back after the pause. */
  kill(pause_ms: number): Promise<void>
  /** SIGSTOP, and SIGCONT. */
  freeze(): void
  thaw(): void
  /** SIGTERM, and a new one; gives how the old one ended. */
  replace(): Promise<number | string | undefined>
  /** Starts nothing any more. */
  end(): void
}

export interface ProcessSlotOptions {
  name: string
  role: 'api' | 'worker'
  links: Breakable[]
  start(env?: Record<string, string>): Promise<Running>
  /** It ended, and nobody here told it to. */
  onDeath(name: string, code: number | string, log: string[]): void
  /** It couldn't be started, and is tried again. */
  onFailure(text: string): undefined
}

const AGAIN_MS = 300

export async function openProcessSlot({
  name,
  role,
  links,
  start,
  onDeath,
  onFailure,
}: ProcessSlotOptions): Promise<ProcessSlot> {
  let running: Running | undefined
  let isOver = false
  let told = false

  const launch = async (): Promise<void> => {
    while (!isOver) {
      const env = { CHAOS_CLOCK_SKEW_MS: String(slot.skew_ms) }
      // MySQL may be away: an operator's supervisor tries again, too.
      const started = await start(env).catch((error: Error) =>
        onFailure(`${name} did not start: ${error.message.slice(-400)}`),
      )
      if (!started) {
        await sleep(AGAIN_MS)
        continue
      }
      running = started
      told = false
      watch(started)
      return
    }
  }
  const watch = (started: Running) => void started.exited.then((code) => ended(started, code))
  const ended = (which: Running, code: number | string) => {
    if (running !== which) return
    running = undefined
    if (told || isOver) return
    onDeath(name, code, which.log)
    void launch()
  }
  const slot: ProcessSlot = {
    name,
    role,
    links,
    skew_ms: 0,
    isStopped: false,
    get running() {
      return running
    },
    async kill(pause_ms) {
      told = true
      await running?.kill()
      await sleep(pause_ms)
      await launch()
    },
    freeze() {
      slot.isStopped = running?.child.kill('SIGSTOP') ?? false
    },
    thaw() {
      running?.child.kill('SIGCONT')
      slot.isStopped = false
    },
    async replace() {
      const old = running
      told = true
      await old?.kill('SIGTERM')
      await launch()
      return old?.exited
    },
    end() {
      isOver = true
    },
  }
  running = await start() // nothing is broken yet: what fails now is told
  watch(running)
  return slot
}
