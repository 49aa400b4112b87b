import type { ToldSource } from '@engineer-chat/protocol'
import type { Source } from './list-sources.ts'

/** Describes a source for the readers of an answer. Its text is not kept a second time. */
export const toToldSource = ({
  id,
  kind,
  label,
  message_id,
  document_id,
  anchor,
  event_id,
  tlp,
}: Source): ToldSource => ({
  id,
  kind,
  label,
  ...(message_id !== undefined && { message_id }),
  ...(document_id !== undefined && { document_id }),
  ...(anchor !== undefined && { anchor }),
  ...(event_id !== undefined && { event_id }),
  ...(tlp !== undefined && { tlp }),
})
