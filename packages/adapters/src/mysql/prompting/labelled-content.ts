import type { Tlp } from '@engineer-chat/protocol'
import { parseJson } from '../core/index.ts'

/**
 * Selects the content of a message as the column `contentColumn`. An answer's sources are left out, because their list
 * may be longer than the answer. The column `labels` has their TLP labels. Content without sources is not parsed.
 */
export function selectContent(table: string, contentColumn: string): string {
  const content = `${table}.message_content`
  return `IF(${hasSources(content)}, JSON_REMOVE(${content}, '$.sources'), ${content}) AS ${contentColumn},
    ${selectLabels(table)}`
}

/** Selects only the labels of a message. */
export function selectLabels(table: string): string {
  const content = `${table}.message_content`
  return `IF(${hasSources(content)}, JSON_EXTRACT(${content}, '$.sources[*].tlp'), NULL) AS labels`
}

const hasSources = (content: string): string => `LOCATE('"sources"', ${content}) > 0`

/** Null means that the message has no labels. */
export type Labels = Tlp[] | string | null

export const toLabelledSources = (labels: Labels): Array<{ tlp: Tlp }> =>
  labels === null ? [] : parseJson(labels).map((tlp) => ({ tlp }))
