import type { Tlp } from '@engineer-chat/protocol'
import { parseJson } from '../core/index.ts'

/**
 * Selects the content of a message. Of an answer's sources, whose list may be longer than the answer, it selects only
 * the TLP labels. A content without `sources` is not parsed, because parsing costs more than everything else.
 */
export function selectContent(table: string, name: string): string {
  const content = `${table}.message_content`
  const hasSources = `LOCATE('"sources"', ${content}) > 0`
  return `IF(${hasSources}, JSON_REMOVE(${content}, '$.sources'), ${content}) AS ${name},
    IF(${hasSources}, JSON_EXTRACT(${content}, '$.sources[*].tlp'), NULL) AS labels`
}

/** Null means that the message has no labels. */
export type Labels = Tlp[] | string | null

export const toLabelledSources = (labels: Labels): Array<{ tlp: Tlp }> =>
  labels === null ? [] : parseJson(labels).map((tlp) => ({ tlp }))
