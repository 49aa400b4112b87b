import type { AnswerSource } from '@engineer-chat/protocol'
import type { Source } from './list-sources.ts'

/** Describes a source for the readers of an answer, without its text. */
export const toAnswerSource = ({
  id,
  kind,
  label,
  message_id,
  document_id,
  anchor,
  event_id,
  tlp,
}: Source): AnswerSource => ({
  id,
  kind,
  label,
  ...(message_id !== undefined && { message_id }),
  ...(document_id !== undefined && { document_id }),
  ...(anchor !== undefined && { anchor }),
  ...(event_id !== undefined && { event_id }),
  ...(tlp !== undefined && { tlp }),
})
