export { type IndexedText, indexText, listQueryTerms, listTerms, MAX_FREQUENCY } from './list-terms.ts'
export { markRanks } from './mark-ranks.ts'
export {
  type Fit,
  MESSAGE_FIT,
  PIECE_FIT,
  type RankedEntry,
  rankEntries,
  type ScopeStats,
  type TermPostings,
} from './rank-entries.ts'
export type { MessageQuery, PieceRules, PieceText, RankedMessage, TextIndex, TextRules } from './text-index.ts'
export { PIECE_RULES, TEXT_RULES } from './text-rules.ts'
