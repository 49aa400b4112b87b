import type { Source } from './list-sources.ts'

/** Names the kinds of sources that an installation can switch on or off. */
export const CONTEXT_SOURCE_KINDS = ['event', 'summary', 'change', 'pin', 'message', 'document', 'incident'] as const
export type ContextSourceKind = (typeof CONTEXT_SOURCE_KINDS)[number]

/** The kind `incident` is off by default, because its sources are texts of other events. */
export const DEFAULT_CONTEXT_SOURCE_KINDS: ContextSourceKind[] = CONTEXT_SOURCE_KINDS.filter(
  (kind) => kind !== 'incident',
)

/** Maps each kind of source to the kind that switches it on or off. Sources of the conversation are always on. */
const SWITCHES: Record<Source['kind'], ContextSourceKind | 'always on'> = {
  event: 'event',
  description: 'event',
  context: 'event',
  summary: 'summary',
  change: 'change',
  pin: 'pin',
  message: 'message',
  document: 'document',
  incident: 'incident',
  earlier: 'always on',
  quote: 'always on',
}

/** Returns true if `switchedOn` has the kind that switches this source, or if the source is always on. */
export function isSwitchedOn({ kind }: Pick<Source, 'kind'>, switchedOn: ReadonlySet<ContextSourceKind>): boolean {
  const switchKind = SWITCHES[kind]
  return switchKind === 'always on' || switchedOn.has(switchKind)
}
