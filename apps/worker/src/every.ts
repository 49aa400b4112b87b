import { setTimeout } from 'node:timers/promises'
import type { Log } from '@engineer-chat/chat'

/** Does it now and then again each time that so much has passed; one run at a time, and a failed one isn't the last. */
export function every(ms: number, work: () => Promise<unknown>, log: Log): { stop(): Promise<void> } {
  const stopped = new AbortController()
  const run = async () => {
    while (!stopped.signal.aborted) {
      await work().catch((cause) => log.error('EngineerChat.chore_failed', {}, cause))
      await setTimeout(ms, undefined, { signal: stopped.signal }).catch(() => {})
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
