import { readConfig, toPromptSettings, WORKER_SECTIONS } from '@engineer-chat/adapters/environment'
import { LlmError, type LlmStreamPart, type ModelCandidate } from '@engineer-chat/chat/models'
import { createCancelSignals } from '@engineer-chat/chat/replying'
import { createId, createSessionId, type ReplyJob, type RoomChange, systemClock } from '@engineer-chat/chat/shared'
import {
  createFinish,
  createGate,
  createMemoryHints,
  createMemoryStores,
  createMemoryTracer,
  createScriptedLlm,
  type Script,
} from '@engineer-chat/chat/testing'
import t from 'tap'
import { traceReplies } from '../src/trace-replies.ts'

const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
const notAborted = new AbortController().signal
const CONFIG = readConfig(
  { DATABASE_URL: 'mysql://nobody@127.0.0.1:1/none', REDIS_URL: 'redis://127.0.0.1:1' },
  WORKER_SECTIONS,
)

/** Creates a worker whose model follows the script, and stores a question for it. */
async function startWorker(script: Script) {
  const [stores, hints, tracer] = [createMemoryStores(), createMemoryHints(), createMemoryTracer()]
  const llm = createScriptedLlm(script)
  const limits = { total_ms: 30_000, first_token_ms: null, idle_ms: null }
  const candidate: ModelCandidate = {
    id: 'm',
    provider: 'openai-compatible',
    llm,
    limits,
    context_window: null,
    max_tokens: 100,
    prices: null,
  }
  const changes: RoomChange[] = []
  const logLines: Array<Record<string, unknown>> = []
  const write = (event: string, fields: object = {}) => void logLines.push({ event, ...fields })
  const answer = traceReplies(tracer, {
    replies: stores.replies,
    sources: stores.sources,
    replyStreams: hints.replyStreams,
    queue: hints.queue,
    models: { limitedModels: [], analyst: null, list: () => [candidate] },
    bus: { ...hints.bus, publish: (change) => void changes.push(change) },
    cancelSignals: createCancelSignals(hints.cancels),
    promptSettings: toPromptSettings(CONFIG),
    historyLimit: 20,
    replyDeadlineMs: 600_000,
    clock: systemClock,
    log: { info: write, warn: write, error: write },
  })
  const { event_id } = await stores.events.create({
    event_id: createId(),
    event_name: 'Drill',
    message: 'm',
    context: '',
    severity: 'low',
    source: 's',
    access: 'open',
    tlp: 'amber',
    created_by: null,
  })
  const user_id = createId()
  await stores.users.create({ user_id, username: user_id, password_hash: 'h', role: 'engineer' })
  const asked = await stores.messages.ask({
    event_id,
    user_id,
    text: 'what now?',
    client_message_id: null,
    request_hash: 'x',
    session_id: null,
    visibility: null,
    model: null,
    forbidden_tlp: [],
    max_rounds: 10,
    question_id: createId(),
    reply_id: createId(),
    new_session_id: createSessionId(event_id, user_id),
    auditContext: { address: null, request_id: 'r-7' },
  })
  const job: ReplyJob = { message_id: asked.reply.message.message_id, attempt: 0 }
  return { answer, job, tracer, llm, changes, logLines, hints, stores, question: asked.question.message }
}

t.test(
  '[OTEL1] the span of a reply belongs to the trace of its job, and the published change and the log lines name that trace',
  async (t) => {
    const { answer, job, tracer, changes, logLines, question } = await startWorker([['Isolate it.', createFinish()]])

    await answer({ ...job, request_id: 'r-1', traceparent }, notAborted)

    const [callSpan, replySpan] = tracer.ended
    const { event_id, user_id, chat_session_id: session_id, message_id: question_id } = question
    const ids = { question_id, reply_id: job.message_id, event_id, user_id, session_id, request_id: 'r-1' }
    t.match(replySpan, {
      name: 'process ai-reply',
      kind: 'consumer',
      parent: traceparent,
      fields: ids,
      error: undefined,
    })
    t.match(replySpan?.fields, { outcome: 'chat', finish_reason: 'stop', attempt: 1, tries: 1 })
    t.equal(callSpan?.parent, `00-${replySpan?.traceId}-${replySpan?.spanId}-01`)
    t.match(changes, [{ traceparent: callSpan?.parent }])
    t.ok(logLines.length > 2 && logLines.every(({ trace_id }) => trace_id === replySpan?.traceId))
  },
)

t.test('[OTEL4] a job without a trace continues the trace of the request in the audit log', async (t) => {
  const { answer, job, tracer } = await startWorker([['Isolate it.', createFinish()]])
  await answer(job, notAborted)
  // The memory tracer gives the request `r-7` the trace `7`.
  t.match(tracer.ended.at(-1), { traceId: '7'.padStart(32, '0'), fields: { request_id: 'r-7' } })
})

t.test('[OTEL1] a job whose reply was already answered creates no span', async (t) => {
  const { answer, job, tracer } = await startWorker([['Isolate it.', createFinish()]])
  await answer({ ...job, traceparent }, notAborted)
  const spansBefore = tracer.ended.length
  await answer({ ...job, traceparent }, notAborted)
  t.equal(tracer.ended.length, spansBefore)
})

t.test('[OTEL2] the span of a call names its models, tokens, finish reason and time to the first piece', async (t) => {
  const { answer, job, tracer, question } = await startWorker([
    ['Isolate it.', createFinish('length', 'answering-model')],
  ])
  await answer({ ...job, traceparent }, notAborted)
  const callSpan = tracer.ended.find(({ name }) => name === 'chat scripted')
  t.match(callSpan, { kind: 'client', error: undefined })
  t.match(callSpan?.fields, {
    reply_id: job.message_id,
    question_id: question.message_id,
    'gen_ai.conversation.id': question.chat_session_id,
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'scripted',
    'gen_ai.system': 'scripted',
    'gen_ai.request.model': 'scripted',
    'gen_ai.request.max_tokens': 100,
    'gen_ai.response.model': 'answering-model',
    'gen_ai.response.finish_reasons': ['length'],
    'gen_ai.usage.input_tokens': 10,
    'gen_ai.usage.output_tokens': 5,
    'gen_ai.response.time_to_first_chunk': Number,
  })
})

t.test(
  '[OTEL2] the span of a call that fails, breaks off or is stopped has a code, and each further call has a span',
  async (t) => {
    const failure = new LlmError('llm_unauthorized', 'a secret of the host', { transient: false })
    const cutStream: LlmStreamPart[] = [{ type: 'text', text: 'a part' }]
    const cases: Array<{ script: Script; callErrors: Array<string | undefined>; replyError: string | undefined }> = [
      { script: [[failure]], callErrors: ['llm_unauthorized'], replyError: 'llm_unauthorized' },
      {
        script: [cutStream, ['Isolate it.', createFinish()]],
        callErrors: ['llm_stream_cut', undefined],
        replyError: undefined,
      },
    ]
    for (const { script, callErrors, replyError } of cases) {
      const { answer, job, tracer } = await startWorker(script)
      await answer({ ...job, traceparent }, notAborted)
      const callSpans = tracer.ended.filter(({ name }) => name === 'chat scripted')
      t.same(
        callSpans.map(({ error }) => error),
        callErrors,
      )
      t.equal(tracer.ended.at(-1)?.error, replyError, 'the span of the reply has the code of its last call')
      t.notMatch(JSON.stringify(tracer.ended), 'secret')
    }

    const stopping = new AbortController()
    const { answer, job, tracer, llm, hints } = await startWorker([[createGate()]])
    const answering = answer({ ...job, traceparent }, stopping.signal)
    await llm.waitForCall(1)
    stopping.abort()
    await answering
    t.match(tracer.ended, [{ error: 'stopped' }, { fields: { outcome: 'released' } }])
    t.match(hints.queue.waiting, [{ message_id: job.message_id, traceparent }], 'the next job continues the trace')
  },
)

t.test('[OTEL1] a worker that stops after it has lost the reply leaves it as fenced, not as released', async (t) => {
  const stopping = new AbortController()
  const { answer, job, tracer, llm, hints, stores } = await startWorker([[createGate()]])
  const answering = answer({ ...job, traceparent }, stopping.signal)
  await llm.waitForCall(1)

  // Another worker raises the attempt.
  await stores.replies.startNextAttempt({ ...job, attempt: 1 }, 30_000)
  stopping.abort()
  await answering

  t.match(tracer.ended, [{ error: 'stopped' }, { fields: { outcome: 'fenced' } }])
  t.same(hints.queue.waiting, [], 'the other worker has the reply')
})

t.test('[OTEL1] a reply whose release fails is not released', async (t) => {
  const stopping = new AbortController()
  const { answer, job, tracer, llm, stores } = await startWorker([[createGate()]])
  stores.replies.release = async () => {
    throw new Error('the connection is gone')
  }
  const answering = answer({ ...job, traceparent }, stopping.signal)
  await llm.waitForCall(1)
  stopping.abort()

  await t.rejects(answering, /gone/)
  const replySpan = tracer.ended.at(-1)
  t.equal(replySpan?.error, 'internal')
  t.equal(replySpan?.fields.outcome, undefined)
})
