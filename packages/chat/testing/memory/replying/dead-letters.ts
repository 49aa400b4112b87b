import type { DeadLetter, DeadLetterStore } from '../../../src/replying/dead-letters.ts'
import type { MemoryData, MessageRecord } from '../memory-data.ts'
import { isReply, isThinking } from './session-replies.ts'

export function createMemoryDeadLetters(data: MemoryData): DeadLetterStore {
  const listAll = () =>
    [...data.messages.values()].sort(compareNewestFirst).flatMap((stored) => toDeadLetter(stored) ?? [])
  return {
    list: async ({ code, limit }) =>
      listAll()
        .filter((one) => code === undefined || one.code === code)
        .slice(0, limit),
    async find(message_id) {
      const stored = data.messages.get(message_id)
      return stored && toDeadLetter(stored)
    },
    count: async () => listAll().length,
  }
}

function compareNewestFirst({ row: { message: a } }: MessageRecord, { row: { message: b } }: MessageRecord): number {
  return b.updated_at.localeCompare(a.updated_at) || b.seq - a.seq
}

function toDeadLetter(stored: MessageRecord): DeadLetter | undefined {
  const { message_id, event_id, user_id, message_type, message_content, created_at, updated_at } = stored.row.message
  if (!isReply(stored) || isThinking(stored) || message_type !== 'error') return undefined
  return {
    message_id,
    event_id,
    user_id: user_id ?? '',
    code: message_content.error?.code ?? null,
    attempts: stored.row.attempt,
    asked_at: created_at,
    failed_at: updated_at,
  }
}
