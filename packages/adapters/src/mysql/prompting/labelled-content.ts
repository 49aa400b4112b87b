import type { Tlp } from '@engineer-chat/protocol'
import { parseJson } from '../core/index.ts'

/** Selects a content. Of an answer's sources, whose list may be longer than its text, it selects the labels alone. */
export const selectContent = (table: string, name: string): string =>
  `JSON_REMOVE(${table}.message_content, '$.sources') AS ${name},
   JSON_EXTRACT(${table}.message_content, '$.sources[*].tlp') AS labels`

/** Is null for a message without labels. */
export type Labels = Tlp[] | string | null

export const toLabelledSources = (labels: Labels): Array<{ tlp: Tlp }> =>
  labels === null ? [] : parseJson(labels).map((tlp) => ({ tlp }))
