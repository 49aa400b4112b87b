import { MESSAGING_FIELDS, QUEUE } from '@engineer-chat/adapters/bullmq'
import { type AnswerContext, answerReply, type Claim, type ReplyStore } from '@engineer-chat/chat/replying'
import { type ReplyJob, type Span, type SpanFields, type Tracer, withLogFields } from '@engineer-chat/chat/shared'
import { traceModels } from './trace-models.ts'

/**
 * Returns a handler of jobs that answers each reply as a step of the trace in which it was asked for. A job without a
 * trace, as the sweep adds it, begins one, whose ids are the same as those of the question's request.
 */
export function traceReplies(
  tracer: Tracer,
  workerCtx: AnswerContext,
): (job: ReplyJob, signal: AbortSignal) => Promise<void> {
  return async (job, signal) => {
    const { message_id: reply_id, request_id, traceparent: parent } = job
    const fields = { ...MESSAGING_FIELDS, 'messaging.operation.type': 'process', reply_id, request_id }
    const span = tracer.startSpan(`process ${QUEUE}`, { kind: 'consumer', parent, fields })
    const step: Step = { span, isClaimed: false, error: undefined }
    const ctx: AnswerContext = {
      ...workerCtx,
      replies: traceStore(workerCtx.replies, step),
      models: traceModels(tracer, workerCtx.models, span, { reply_id }),
      bus: {
        ...workerCtx.bus,
        publish: (change) => workerCtx.bus.publish({ ...change, traceparent: span.traceparent }),
      },
      log: withLogFields(workerCtx.log, { trace_id: span.traceId }),
    }
    try {
      await answerReply(ctx, job, signal)
    } catch (error) {
      step.error = 'internal'
      throw error
    } finally {
      // Many jobs find their reply claimed or finished; a trace of each would say nothing.
      if (step.isClaimed) span.end(step.error)
    }
  }
}

interface Step {
  readonly span: Span
  isClaimed: boolean
  /** Is the code of the failure with which the reply ended. */
  error: string | undefined
}

/** Describes the span by what becomes of the reply. */
function traceStore(replies: ReplyStore, step: Step): ReplyStore {
  const { span } = step
  return {
    ...replies,
    async claim(message_id, leaseMs) {
      const claim = await replies.claim(message_id, leaseMs)
      if (claim) {
        step.isClaimed = true
        span.set(toFields(claim))
      }
      return claim
    },
    async findRequestId(reply) {
      const request_id = await replies.findRequestId(reply)
      span.set({ request_id })
      return request_id
    },
    async finish(ref, outcome) {
      const finished = await replies.finish(ref, outcome)
      const { finish_reason, error } = outcome.content
      span.set({ outcome: finished ? outcome.type : 'fenced', finish_reason })
      step.error = error?.code
      return finished
    },
    async postpone(ref, plan) {
      const outcome = await replies.postpone(ref, plan)
      span.set({ outcome, delay_ms: plan.delayMs })
      return outcome
    },
    async release(ref) {
      span.set({ outcome: 'released' })
      return replies.release(ref)
    },
  }
}

function toFields({ row: { message, attempt }, tries }: Claim): SpanFields {
  const { reply_to: question_id, user_id, event_id, chat_session_id: session_id } = message
  return { question_id, user_id, event_id, session_id, attempt, tries }
}
