export type { AnswerContext } from './answer-context.ts'
export { answerReply } from './answer-reply.ts'
export { cancelReply } from './cancel-reply.ts'
export { type CancelSignals, createCancelSignals } from './cancel-signals.ts'
export type { DeadLetter, DeadLetterStore } from './dead-letters.ts'
export { getOwnReply } from './get-own-reply.ts'
export { getModelText } from './read-draft.ts'
export type {
  Claim,
  FinishResult,
  LlmCall,
  Postponement,
  PostponeResult,
  ReplyOutcome,
  ReplyStore,
} from './reply-store.ts'
export { requeueDueReplies } from './requeue-due-replies.ts'
export { type RetryFailedContext, retryFailedReplies } from './retry-failed-replies.ts'
export { retryReply } from './retry-reply.ts'
