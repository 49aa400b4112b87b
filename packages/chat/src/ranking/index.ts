export { type IndexedText, indexText, listQueryTerms, listTerms, MAX_FREQUENCY } from './list-terms.ts'
export { markRanks } from './mark-ranks.ts'
export {
  EVENT_RELEVANCE_LIMITS,
  MESSAGE_RELEVANCE_LIMITS,
  PIECE_RELEVANCE_LIMITS,
  type RankedEntry,
  type RelevanceLimits,
  rankEntries,
  restrictToEntries,
  type ScopeStats,
  type TermPostings,
} from './rank-entries.ts'
export { findSimilarEvents } from './similar/find-similar-events.ts'
export { EVERY_PERSON, listIncidents } from './similar/list-incidents.ts'
export { rankSimilar } from './similar/rank-similar.ts'
export {
  MAX_COMPARED_INDICATORS,
  MAX_RANKED_EVENTS,
  MAX_SHARING_EVENTS,
  MAX_SIMILAR_TEXTS,
  type SimilarEventRecord,
  type SimilarEventsLookup,
  type Similarities,
} from './similar/similar-events.ts'
export type {
  EventText,
  MessageQuery,
  PieceRules,
  PieceText,
  RankedMessage,
  TextIndex,
  TextRules,
} from './text-index.ts'
export { PIECE_RULES, TEXT_RULES, toEventQueryText } from './text-rules.ts'
export { type WeighedTerm, weighTerms } from './weigh-terms.ts'
