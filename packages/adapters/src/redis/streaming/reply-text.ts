import type { ReplyText } from '@engineer-chat/chat/shared'
import type { Keys } from '../connection/index.ts'
import type { Signer } from '../installation/index.ts'
import type { Publisher } from '../pubsub/index.ts'

/** Builds the key under which a delta is signed. It contains the index, so that a delta is valid at its index only. */
export const toDeltaKey = (list: string, index: number): string => `${list}#${index}`

/**
 * Reads the text that the highest attempt has written so far, up to the first delta without a valid signature. Returns
 * undefined if Redis has no such text or does not answer.
 */
export async function readReplyText(
  { publisher, keys, signer }: { publisher: Publisher; keys: Keys; signer: Signer },
  message_id: string,
): Promise<ReplyText | undefined> {
  const attempts = await publisher.attempt((client) => client.hkeys(keys.replyAttempts(message_id)))
  const attempt = Math.max(0, ...(attempts ?? []).map(Number).filter(Number.isSafeInteger))
  if (attempt === 0) return undefined
  const list = keys.deltas(message_id, attempt)
  const [written = [], signatures = []] =
    (await publisher.attempt((client) =>
      Promise.all([client.lrange(list, 0, -1), client.lrange(keys.deltaSignatures(message_id, attempt), 0, -1)]),
    )) ?? []
  const verified: string[] = []
  for (const [index, text] of written.entries()) {
    const mac = signatures[index]
    if (mac === undefined || !signer.isValidMac(toDeltaKey(list, index), text, mac)) break
    verified.push(text)
  }
  return verified.length > 0 ? { attempt, next_index: verified.length, text: verified.join('') } : undefined
}
