import type { DeadLetter, DeadLetterStore } from '../../../src/replying/dead-letters.ts'
import type { Stored, World } from '../world.ts'
import { isReply, isThinking } from './session-replies.ts'

export function createMemoryDeadLetters(world: World): DeadLetterStore {
  const all = () =>
    [...world.messages.values()].sort((a, b) => getSeq(b) - getSeq(a)).flatMap((stored) => toDeadLetter(stored) ?? [])
  return {
    list: async ({ code, limit }) =>
      all()
        .filter((one) => code === undefined || one.code === code)
        .slice(0, limit),
    async find(message_id) {
      const stored = world.messages.get(message_id)
      return stored && toDeadLetter(stored)
    },
    count: async () => all().length,
  }
}

const getSeq = ({ row }: Stored): number => row.message.seq

function toDeadLetter(stored: Stored): DeadLetter | undefined {
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
