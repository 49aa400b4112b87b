import type { Source } from './list-sources.ts'

/** Names the kinds of sources that an installation can switch on or off. */
export const CONTEXT_SOURCE_KINDS = ['event', 'summary', 'change', 'pin', 'message', 'document', 'incident'] as const
export type ContextSourceKind = (typeof CONTEXT_SOURCE_KINDS)[number]

/** Similar incidents are texts of other events, so an installation has to switch them on. */
export const DEFAULT_CONTEXT_SOURCE_KINDS: ContextSourceKind[] = CONTEXT_SOURCE_KINDS.filter(
  (kind) => kind !== 'incident',
)

/** Names the switch of each kind of source. The kinds of the conversation have no switch. */
const SWITCHES: Record<Source['kind'], ContextSourceKind | 'conversation'> = {
  event: 'event',
  description: 'event',
  context: 'event',
  summary: 'summary',
  change: 'change',
  pin: 'pin',
  message: 'message',
  document: 'document',
  incident: 'incident',
  earlier: 'conversation',
  quote: 'conversation',
}

export function isSwitchedOn({ kind }: Pick<Source, 'kind'>, kinds: ReadonlySet<ContextSourceKind>): boolean {
  const name = SWITCHES[kind]
  return name === 'conversation' || kinds.has(name)
}
