import type { ToldSource } from '@engineer-chat/protocol'

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

/** The facts, the report and the context of an event are shown as the event. */
const SHOWN: Record<ToldSource['kind'], ShownKind> = {
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

/** Counts the sources of each kind, in the order in which they are shown. A kind of a later version is another source. */
export function countKinds(sources: ReadonlyArray<{ kind: string }>): Array<[kind: ShownKind, number: number]> {
  const shown: Record<string, ShownKind> = SHOWN
  const counts = new Map<ShownKind, number>()
  for (const { kind } of sources) {
    const name = shown[kind] ?? 'other'
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return KINDS.flatMap((kind): Array<[ShownKind, number]> => {
    const number = counts.get(kind)
    return number === undefined ? [] : [[kind, number]]
  })
}
