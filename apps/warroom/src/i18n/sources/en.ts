const formatCount = (number: number, singular: string, plural: string): string =>
  number === 1 ? `1 ${singular}` : `${number} ${plural}`

export const sourcesEn = {
  /** `kinds` has a text for each kind of source that the model received, such as `2 summaries`. */
  sources_line: (kinds: string[]) => `Sources: ${kinds.join(', ')}`,
  list: 'Sources that the AI received',
  /** Ends the list of kinds if not all sources of the answer were stored. */
  more: (number: number) => `and ${number} more`,
  kinds: {
    event: () => 'event',
    summary: (number: number) => formatCount(number, 'summary', 'summaries'),
    change: (number: number) => formatCount(number, 'change', 'changes'),
    pin: (number: number) => formatCount(number, 'pin', 'pins'),
    message: (number: number) => formatCount(number, 'message', 'messages'),
    document: (number: number) => formatCount(number, 'document', 'documents'),
    incident: (number: number) => formatCount(number, 'similar event', 'similar events'),
    earlier: () => 'earlier conversation',
    quote: () => 'quote',
    other: (number: number) => formatCount(number, 'other source', 'other sources'),
  },
}

export type SourceCatalog = typeof sourcesEn
