import type { AnswerSource } from '@engineer-chat/protocol'

/** Lists the shown kinds in the order in which they are shown. */
const KINDS = [
  'event',
  'summary',
  'change',
  'pin',
  'message',
  'document',
  'incident',
  'earlier',
  'quote',
  'other',
] as const
type ShownKind = (typeof KINDS)[number]

/**
 * Maps the kinds of sources to the shown kinds. The fields, the report and the context of an event count as the event.
 */
const SHOWN_KINDS: Record<AnswerSource['kind'], ShownKind> = {
  event: 'event',
  description: 'event',
  context: 'event',
  summary: 'summary',
  change: 'change',
  pin: 'pin',
  message: 'message',
  document: 'document',
  incident: 'incident',
  earlier: 'earlier',
  quote: 'quote',
}

/**
 * Counts the sources of each kind, in the order in which they are shown. A kind that this page does not know counts as
 * `other`.
 */
export function countByKind(sources: ReadonlyArray<{ kind: string }>): Array<[kind: ShownKind, count: number]> {
  const shownKinds: Record<string, ShownKind> = SHOWN_KINDS
  const counts = new Map<ShownKind, number>()
  for (const { kind } of sources) {
    const shownKind = shownKinds[kind] ?? 'other'
    counts.set(shownKind, (counts.get(shownKind) ?? 0) + 1)
  }
  return KINDS.flatMap((kind): Array<[ShownKind, number]> => {
    const count = counts.get(kind)
    return count === undefined ? [] : [[kind, count]]
  })
}
