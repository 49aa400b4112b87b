import type { ReplyText } from '@engineer-chat/chat/shared'
import type { Keys } from '../connection/index.ts'
import type { Publisher } from '../pubsub/index.ts'

/**
 * Reads the text that the highest attempt has written so far. Returns undefined if Redis does not have it or does not
 * answer.
 */
export async function readReplyText(
  publisher: Publisher,
  keys: Keys,
  message_id: string,
): Promise<ReplyText | undefined> {
  const attempts = await publisher.attempt((client) => client.hkeys(keys.attempts(message_id)))
  const attempt = Math.max(0, ...(attempts ?? []).map(Number).filter(Number.isSafeInteger))
  if (attempt === 0) return undefined
  const pieces = await publisher.attempt((client) => client.lrange(keys.pieces(message_id, attempt), 0, -1))
  return pieces?.length ? { attempt, next_index: pieces.length, text: pieces.join('') } : undefined
}
