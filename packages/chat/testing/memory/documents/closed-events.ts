import type { ClosedEventStore } from '../../../src/documents/closed-event-store.ts'
import { findCurrentSummary, type MemoryData } from '../memory-data.ts'

export function createMemoryClosedEvents(data: MemoryData): ClosedEventStore {
  /** Maps the id of each event to its sequence number at the time when its documents were made. */
  const doneSeqs = new Map<string, number>()
  return {
    async listPending(limit) {
      const closed = [...data.rooms.values()].filter(
        ({ event }) => event.event_status === 'closed' && (doneSeqs.get(event.event_id) ?? -1) < event.seq,
      )
      return closed.slice(0, limit).map(({ event: { event_id, seq } }) => ({ event_id, seq }))
    },
    async find(event_id, maxRounds) {
      const room = data.rooms.get(event_id)
      if (!room) return undefined
      const rounds = room.rows.toReversed().flatMap(({ row: { message, audience } }) => {
        const question = data.messages.get(message.reply_to ?? '')?.row
        if (message.message_type !== 'chat' || audience !== 'people' || !question) return []
        return [{ question: question.message.message_content.content, answer: message.message_content }]
      })
      return { event: room.event, summary: findCurrentSummary(room) ?? null, rounds: rounds.slice(0, maxRounds) }
    },
    async markDone({ event_id, seq }) {
      doneSeqs.set(event_id, Math.max(doneSeqs.get(event_id) ?? 0, seq))
    },
  }
}
