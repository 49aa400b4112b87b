import type { ReplyText } from '@engineer-chat/chat/shared'
import type { Keys } from '../connection/index.ts'
import type { Signer } from '../installation/index.ts'
import type { Publisher } from '../pubsub/index.ts'

/** Names the place of a piece within its text. The signature covers it, so that a piece is valid in its place only. */
export const toPiecePlace = (list: string, index: number): string => `${list}#${index}`

/**
 * Reads the text that the highest attempt has written so far, up to the first piece that is not signed. Returns
 * undefined if Redis has no such text or does not answer.
 */
export async function readReplyText(
  { publisher, keys, signer }: { publisher: Publisher; keys: Keys; signer: Signer },
  message_id: string,
): Promise<ReplyText | undefined> {
  const attempts = await publisher.attempt((client) => client.hkeys(keys.attempts(message_id)))
  const attempt = Math.max(0, ...(attempts ?? []).map(Number).filter(Number.isSafeInteger))
  if (attempt === 0) return undefined
  const list = keys.pieces(message_id, attempt)
  const [written = [], signatures = []] =
    (await publisher.attempt((client) =>
      Promise.all([client.lrange(list, 0, -1), client.lrange(keys.signatures(message_id, attempt), 0, -1)]),
    )) ?? []
  const pieces: string[] = []
  for (const [index, text] of written.entries()) {
    const mac = signatures[index]
    if (mac === undefined || !signer.isMac(toPiecePlace(list, index), text, mac)) break
    pieces.push(text)
  }
  return pieces.length > 0 ? { attempt, next_index: pieces.length, text: pieces.join('') } : undefined
}
