export { type IndexedText, indexText, listQueryTerms, listTerms, MAX_FREQUENCY } from './list-terms.ts'
export { type RankedEntry, rankEntries, type ScopeStats, type TermPostings } from './rank-entries.ts'
export type { MessageQuery, RankedMessage, TextIndex, TextRules } from './text-index.ts'
export { TEXT_RULES } from './text-rules.ts'
