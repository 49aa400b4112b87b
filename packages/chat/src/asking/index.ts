export {
  ACTIVE_SLOTS,
  type ActiveSlot,
  planSlotsAfterShare,
  planSlotsAfterUse,
  type SlotChanges,
} from './active-sessions.ts'
export { listQuestionSpendKeys } from './budget-tracker.ts'
export { listModels } from './list-models.ts'
export { listSessions } from './list-sessions.ts'
export { openSession } from './open-session.ts'
export {
  type LockedSession,
  planQuestions,
  type QuestionPlan,
  type QuestionVerdict,
  toQuestionKey,
} from './plan-questions.ts'
export { previewMessage } from './preview-message.ts'
export { readHistory } from './read-history.ts'
export { readStatus } from './read-status.ts'
export { findEarlierSendResult, sendMessage } from './send-message.ts'
export { isSummaryUpdated } from './session-rules.ts'
export type { SessionStore } from './session-store.ts'
export { shareSession } from './share-session.ts'
