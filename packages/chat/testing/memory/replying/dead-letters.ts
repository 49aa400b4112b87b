import type { DeadLetter, DeadLetterStore } from '../../../src/replying/dead-letters.ts'
import type { MemoryData, MessageRecord } from '../memory-data.ts'
import { isReply, isThinking } from './session-replies.ts'

export function createMemoryDeadLetters(data: MemoryData): DeadLetterStore {
  const listAll = () =>
    [...data.messages.values()].flatMap((stored) => toDeadLetter(stored) ?? []).sort(compareNewestFirst)
  return {
    list: async ({ code, limit, after }) =>
      listAll()
        .filter((letter) => code === undefined || letter.code === code)
        .filter((letter) => after === undefined || compareNewestFirst(after, letter) < 0)
        .slice(0, limit),
    async find(message_id) {
      const stored = data.messages.get(message_id)
      return stored && toDeadLetter(stored)
    },
    count: async ({ code } = {}) => listAll().filter((letter) => code === undefined || letter.code === code).length,
  }
}

const compareNewestFirst = (a: DeadLetter, b: DeadLetter): number =>
  b.failed_at.localeCompare(a.failed_at) || b.seq - a.seq || b.message_id.localeCompare(a.message_id)

function toDeadLetter(stored: MessageRecord): DeadLetter | undefined {
  const { message_id, event_id, seq, user_id, message_type, message_content, created_at, updated_at } =
    stored.row.message
  if (!isReply(stored) || isThinking(stored) || message_type !== 'error') return undefined
  return {
    message_id,
    event_id,
    seq,
    user_id: user_id ?? '',
    code: message_content.error?.code ?? null,
    attempts: stored.row.attempt,
    asked_at: created_at,
    failed_at: updated_at,
  }
}
