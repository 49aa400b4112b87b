import type { Citation } from '@engineer-chat/protocol'
import { toDocumentHash, toEventHash, toMessageHash } from '../page/route.ts'

/** Returns the hash of a link to a cited source. A source that is part of the event itself has none. */
export function toCitedHash(
  { message_id, document_id, anchor, event_id: citedEventId }: Citation,
  event_id: string,
): string | undefined {
  if (message_id !== undefined) return toMessageHash(event_id, message_id)
  if (citedEventId !== undefined) return toEventHash(citedEventId)
  return document_id === undefined ? undefined : toDocumentHash(document_id, anchor)
}
