import type { Citation } from '@engineer-chat/protocol'
import { toDocumentHash, toEventHash, toMessageHash } from '../page/route.ts'

/** Returns the address of what a citation names. A source that is a part of the event itself has none. */
export function toCitedHash(
  { message_id, document_id, anchor, event_id: other }: Citation,
  event_id: string,
): string | undefined {
  if (message_id !== undefined) return toMessageHash(event_id, message_id)
  if (other !== undefined) return toEventHash(other)
  return document_id === undefined ? undefined : toDocumentHash(document_id, anchor)
}
