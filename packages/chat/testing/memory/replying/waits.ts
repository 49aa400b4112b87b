import type { WaitStore } from '../../../src/replying/waiting/wait-store.ts'
import type { MemoryData } from '../memory-data.ts'
import { isUnfinished } from './session-replies.ts'
import { findSlotFacts } from './slots.ts'

/** The memory store keeps no times of calls, so all calls count as if they had ended within the last minute. */
const WINDOW_MS = 60_000

export function createMemoryWaits(data: MemoryData): WaitStore {
  return {
    async listOwn(user_id, event_id) {
      return [...data.postponed].flatMap(([message_id, { models }]) => {
        const stored = data.messages.get(message_id)
        const { message } = stored?.row ?? {}
        const isOwn = message?.user_id === user_id && message.event_id === event_id
        if (!stored || !isOwn || !isUnfinished(stored) || stored.reply.lease_until !== null) return []
        return models.map(({ id }) => ({ message_id, model_id: id }))
      })
    },
    async readQueue(model_id) {
      const successfulCalls = data.calls.filter((call) => call.model_id === model_id && call.outcome === 'ok')
      const totalMs = successfulCalls.reduce((sum, { total_ms }) => sum + total_ms, 0)
      return {
        ...findSlotFacts(data, model_id, true),
        meanCallMs: successfulCalls.length === 0 ? null : totalMs / successfulCalls.length,
        endedCalls: successfulCalls.length,
        windowMs: WINDOW_MS,
      }
    },
  }
}
