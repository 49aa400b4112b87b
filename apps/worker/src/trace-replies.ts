import { MESSAGING_FIELDS, QUEUE } from '@engineer-chat/adapters/bullmq'
import { type AnswerContext, answerReply, type Claim, type ReplyStore } from '@engineer-chat/chat/replying'
import { type ReplyJob, type Span, type SpanFields, type Tracer, withLogFields } from '@engineer-chat/chat/shared'
import { traceModels } from './trace-models.ts'

/**
 * Returns a handler of jobs that answers each reply as a step of the trace in which it was asked for. A job without a
 * trace, as the sweep adds it, goes on with that of its request, or begins one if the request's id doesn't tell it.
 */
export function traceReplies(
  tracer: Tracer,
  workerCtx: AnswerContext,
): (job: ReplyJob, signal: AbortSignal) => Promise<void> {
  return async (job, signal) => {
    const step = new Step(tracer, job)
    const ctx: AnswerContext = {
      ...workerCtx,
      replies: traceStore(workerCtx.replies, step),
      models: traceModels(tracer, workerCtx.models, step),
      bus: {
        ...workerCtx.bus,
        publish: (change) => workerCtx.bus.publish({ ...change, traceparent: step.span.traceparent }),
      },
      log: withLogFields(workerCtx.log, {
        get trace_id() {
          return step.span.traceId
        },
      }),
    }
    try {
      await answerReply(ctx, job, signal)
    } catch (error) {
      step.error = 'internal'
      throw error
    } finally {
      step.end()
    }
  }
}

/**
 * Is the work on one reply. Its span begins when something is known of the reply: many jobs find theirs claimed or
 * finished, and a trace of each would say nothing.
 */
class Step {
  readonly #tracer: Tracer
  readonly #job: ReplyJob
  readonly #startedAtMs = Date.now()
  #span: Span | undefined
  request_id: string | undefined
  /** Names the reply, and once it is claimed its question. */
  ids: SpanFields
  claimFields: SpanFields = {}
  /** Is the code of the failure with which the reply ended. */
  error: string | undefined

  constructor(tracer: Tracer, job: ReplyJob) {
    this.#tracer = tracer
    this.#job = job
    this.request_id = job.request_id
    this.ids = { reply_id: job.message_id }
  }

  get span(): Span {
    this.#span ??= this.#startSpan()
    return this.#span
  }

  end(): void {
    this.#span?.end(this.error)
  }

  #startSpan(): Span {
    const { request_id } = this
    const parent = this.#job.traceparent ?? (request_id && this.#tracer.findRequestSpan(request_id))
    const known = { ...this.ids, request_id, ...this.claimFields }
    const fields = { ...MESSAGING_FIELDS, 'messaging.operation.type': 'process', ...known }
    const startedAtMs = this.#startedAtMs
    return this.#tracer.startSpan(`process ${QUEUE}`, { kind: 'consumer', parent, startedAtMs, fields })
  }
}

/** Describes the span by what becomes of the reply. */
function traceStore(replies: ReplyStore, step: Step): ReplyStore {
  return {
    ...replies,
    async claim(message_id, leaseMs) {
      const claim = await replies.claim(message_id, leaseMs)
      if (!claim) return undefined
      step.ids = toIds(claim)
      step.claimFields = { attempt: claim.row.attempt, tries: claim.tries }
      return claim
    },
    async findRequestId(reply) {
      step.request_id = await replies.findRequestId(reply)
      return step.request_id
    },
    async finish(ref, outcome) {
      const finished = await replies.finish(ref, outcome)
      const { finish_reason, error } = outcome.content
      step.span.set({ outcome: finished ? outcome.type : 'fenced', finish_reason })
      step.error = error?.code
      return finished
    },
    async postpone(ref, plan) {
      const outcome = await replies.postpone(ref, plan)
      step.span.set({ outcome, delay_ms: plan.delayMs })
      return outcome
    },
    async release(ref) {
      step.span.set({ outcome: 'released' })
      return replies.release(ref)
    },
  }
}

function toIds({ row: { message } }: Claim): SpanFields {
  const { message_id: reply_id, reply_to: question_id, user_id, event_id, chat_session_id: session_id } = message
  return { reply_id, question_id, user_id, event_id, session_id }
}
