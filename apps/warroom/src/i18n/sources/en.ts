const count = (number: number, one: string, many: string): string => (number === 1 ? `1 ${one}` : `${number} ${many}`)

export const sourcesEn = {
  /** `kinds` says how many sources of each kind the model was told. */
  rested_on: (kinds: string[]) => `Rested on: ${kinds.join(', ')}`,
  list: 'What the AI was told',
  kinds: {
    event: () => 'event',
    summary: (number: number) => count(number, 'summary', 'summaries'),
    change: (number: number) => count(number, 'change', 'changes'),
    pin: (number: number) => count(number, 'pin', 'pins'),
    message: (number: number) => count(number, 'message', 'messages'),
    document: (number: number) => count(number, 'document', 'documents'),
    incident: (number: number) => count(number, 'similar event', 'similar events'),
    earlier: () => 'earlier session',
    quote: () => 'quote',
    other: (number: number) => count(number, 'other source', 'other sources'),
  },
}

export type SourceCatalog = typeof sourcesEn
