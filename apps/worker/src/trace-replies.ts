import { MESSAGING_FIELDS, REPLY_QUEUE_NAME } from '@engineer-chat/adapters/bullmq'
import { type AnswerContext, answerReply, type Claim, type ReplyStore } from '@engineer-chat/chat/replying'
import { type ReplyJob, type Span, type SpanFields, type Tracer, withLogFields } from '@engineer-chat/chat/shared'
import { traceModels } from './trace-models.ts'

/**
 * Returns a handler of jobs that answers each reply in a span of the trace in which the question was asked. A job of
 * the sweep has no trace: its span continues the trace of the request, if that is known, or begins a new one.
 */
export function traceReplies(
  tracer: Tracer,
  workerCtx: AnswerContext,
): (job: ReplyJob, signal: AbortSignal) => Promise<void> {
  return async (job, signal) => {
    const replySpan = new ReplySpan(tracer, job)
    const ctx: AnswerContext = {
      ...workerCtx,
      replies: traceStore(workerCtx.replies, replySpan),
      models: traceModels(tracer, workerCtx.models, replySpan),
      bus: {
        ...workerCtx.bus,
        publish: (change) => workerCtx.bus.publish({ ...change, traceparent: replySpan.span.traceparent }),
      },
      log: withLogFields(workerCtx.log, {
        get trace_id() {
          // The span is read for each line, because it is created only when it is first used.
          return replySpan.span.traceId
        },
      }),
    }
    try {
      await answerReply(ctx, job, signal)
    } catch (error) {
      replySpan.error = 'internal'
      throw error
    } finally {
      replySpan.end()
    }
  }
}

/**
 * Holds the span of the work on one reply. The span is created when it is first used, because many jobs find that their
 * reply was claimed or finished before, and their traces would be empty.
 */
class ReplySpan {
  readonly #tracer: Tracer
  readonly #job: ReplyJob
  readonly #startedAtMs = Date.now()
  #span: Span | undefined
  request_id: string | undefined
  /** Holds the id of the reply and, after the claim, those of its question, asker, event and session. */
  idFields: SpanFields
  claimFields: SpanFields = {}
  /** Holds the code with which this worker's run failed. The reply itself may not have ended. */
  error: string | undefined

  constructor(tracer: Tracer, job: ReplyJob) {
    this.#tracer = tracer
    this.#job = job
    this.request_id = job.request_id
    this.idFields = { reply_id: job.message_id }
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
    const parent = this.#job.traceparent ?? (request_id && this.#tracer.deriveTraceparent(request_id))
    const fields = {
      ...MESSAGING_FIELDS,
      'messaging.operation.type': 'process',
      ...this.idFields,
      request_id,
      ...this.claimFields,
    }
    const startedAtMs = this.#startedAtMs
    return this.#tracer.startSpan(`process ${REPLY_QUEUE_NAME}`, { kind: 'consumer', parent, startedAtMs, fields })
  }
}

/**
 * Returns a store that does the same as `replies`, and also writes into the reply's span: its ids after the claim, and
 * its outcome when it is finished, postponed or released.
 */
function traceStore(replies: ReplyStore, replySpan: ReplySpan): ReplyStore {
  return {
    ...replies,
    async claim(message_id, leaseMs) {
      const claim = await replies.claim(message_id, leaseMs)
      if (!claim) return undefined
      replySpan.idFields = toIdFields(claim)
      replySpan.request_id ??= claim.request_id ?? undefined
      replySpan.claimFields = { attempt: claim.row.attempt, tries: claim.tries }
      return claim
    },
    async finish(ref, outcome) {
      const finished = await replies.finish(ref, outcome)
      const { finish_reason, error } = outcome.content
      replySpan.span.set({ outcome: finished ? outcome.type : 'fenced', finish_reason })
      replySpan.error = error?.code
      return finished
    },
    async postpone(ref, plan) {
      const outcome = await replies.postpone(ref, plan)
      replySpan.span.set({ outcome, delay_ms: plan.delayMs })
      return outcome
    },
    async release(ref) {
      const released = await replies.release(ref)
      replySpan.span.set({ outcome: released ? 'released' : 'fenced' })
      return released
    },
  }
}

function toIdFields({ row: { message } }: Claim): SpanFields {
  const { message_id: reply_id, reply_to: question_id, user_id, event_id, chat_session_id: session_id } = message
  return { reply_id, question_id, user_id, event_id, session_id }
}
