export type { AnswerContext } from './answer-context.ts'
export { answerReply } from './answer-reply.ts'
export { cancelReply } from './cancel-reply.ts'
export { type CancelSignals, createCancelSignals } from './cancel-signals.ts'
export { type DeadLetter, type DeadLetterStore, readDeadLetters } from './dead-letters.ts'
export { getOwnReply } from './get-own-reply.ts'
export type {
  BusyModel,
  Claim,
  ClaimedContext,
  FinishResult,
  LlmCall,
  Postponement,
  PostponeResult,
  ReplyOutcome,
  ReplyStore,
  SlotRequest,
} from './reply-store.ts'
export { requeueDueReplies } from './requeue-due-replies.ts'
export { type RetryCounts, type RetryFailedContext, retryFailedReplies } from './retry-failed-replies.ts'
export { retryReply } from './retry-reply.ts'
export { getModelText } from './review-draft.ts'
export { listWaitingReplies } from './waiting/list-waiting-replies.ts'
export {
  countFreeSlots,
  decideSlot,
  isSlotOver,
  type Slot,
  type SlotDecision,
  type SlotFacts,
  type SlotWaiter,
} from './waiting/slots.ts'
export type { QueueFacts, WaitStore } from './waiting/wait-store.ts'
