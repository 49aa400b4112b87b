export { buildPrompt } from './build-prompt.ts'
export { detectQuestionLanguage, parseCommand } from './command.ts'
export { removeCitations } from './output/citations.ts'
export { transformOutsideCode } from './output/code.ts'
export { FENCE_WORD } from './output/filter-answer.ts'
export { filterReplyStream } from './output/stream-filter.ts'
export type { PreparedPrompt, PromptSettings, PromptTarget } from './prepared-prompt.ts'
export { findQuotedAnswerId, findQuotedPersonId, findQuoteTlp, toQuotedText } from './quotes.ts'
export { createRedactor } from './redaction/redactor.ts'
export type { TextTransform } from './redaction/restorer.ts'
export {
  findAnswerTlp,
  findRoundTlp,
  findStrictestTlp,
  isStricterTlp,
  type LabelledAnswer,
} from './sources/answer-tlp.ts'
export {
  CONTEXT_SOURCE_KINDS,
  type ContextSourceKind,
  DEFAULT_CONTEXT_SOURCE_KINDS,
} from './sources/context-source-kinds.ts'
export type { LabelFacts, LabelStore } from './sources/label-store.ts'
export { listSources, type Source } from './sources/list-sources.ts'
export {
  addTotals,
  countPostsThatCouldFit,
  MAX_EARLIER_QUESTIONS,
  MAX_PROMPT_PIECES,
  MAX_TOTALS,
  planRoomQuery,
  type RoomLimits,
  type RoomQuery,
  SOURCE_AUDIENCES,
} from './sources/plan-room-query.ts'
export { type RoomMessageRow, toRoomMessage } from './sources/room-message.ts'
export { type ContextLimits, type SourceStore, toContextLimits, VISIT_PAUSE_MINUTES } from './sources/source-store.ts'
export { removeInvisible } from './visible-characters.ts'
