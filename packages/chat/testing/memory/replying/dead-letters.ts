import type { DeadLetter, DeadLetters } from '../../../src/replying/dead-letters.ts'
import type { Stored, World } from '../world.ts'
import { isReply, isThinking } from './session-replies.ts'

export function memoryDeadLetters(world: World): DeadLetters {
  const all = () =>
    [...world.messages.values()].sort((a, b) => seqOf(b) - seqOf(a)).flatMap((stored) => deadLetterOf(stored) ?? [])
  return {
    list: async ({ code, limit }) =>
      all()
        .filter((one) => code === undefined || one.code === code)
        .slice(0, limit),
    async get(message_id) {
      const stored = world.messages.get(message_id)
      return stored && deadLetterOf(stored)
    },
    count: async () => all().length,
  }
}

const seqOf = ({ row }: Stored): number => row.message.seq

function deadLetterOf(stored: Stored): DeadLetter | undefined {
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
