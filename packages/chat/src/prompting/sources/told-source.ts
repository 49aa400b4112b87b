import type { ToldSource } from '@engineer-chat/protocol'
import type { Source } from './list-sources.ts'

/** Describes a source for the readers of an answer. Its text is not kept a second time. */
export const toToldSource = ({ id, kind, label, message_id }: Source): ToldSource => ({
  id,
  kind,
  label,
  ...(message_id !== undefined && { message_id }),
})
