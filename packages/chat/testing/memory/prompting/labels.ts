import { readQuote } from '@engineer-chat/protocol'
import type { LabelStore } from '../../../src/prompting/sources/label-store.ts'
import type { MemoryData } from '../memory-data.ts'

export function createMemoryLabels(data: MemoryData): LabelStore {
  return {
    async listFacts(event_id, audiences, { after, upTo }) {
      const rows = data.rooms.get(event_id)?.rows.map(({ row }) => row) ?? []
      return rows
        .filter(({ message: { position }, audience }) => {
          return position > after && position <= upTo && audiences.includes(audience)
        })
        .map(({ message }) => ({
          sources: message.sender_type === 'ai' ? (message.message_content.sources ?? []) : [],
          quote: readQuote(message),
        }))
        .filter(({ sources, quote }) => sources.length > 0 || quote)
    },
    async findVersions(answer_ids) {
      const answers = answer_ids.flatMap((id) => data.messages.get(id) ?? [])
      return new Map(
        answers.map(({ row: { message }, reply }) => [
          message.message_id,
          [message.message_content, ...(reply?.versions ?? [])],
        ]),
      )
    },
  }
}
