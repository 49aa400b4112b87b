import type { AnswerSource } from '@engineer-chat/protocol'
import type { Source } from './list-sources.ts'

/** Converts a source to what readers of an answer get. They do not get the source's text, prompt label and rank. */
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
