import { readConfig, toPromptSettings, WORKER_SECTIONS } from '@engineer-chat/adapters/environment'
import { LlmError, type LlmPiece, type ModelCandidate } from '@engineer-chat/chat/models'
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
  const lines: Array<Record<string, unknown>> = []
  const write = (event: string, fields: object = {}) => void lines.push({ event, ...fields })
  const answer = traceReplies(tracer, {
    replies: stores.replies,
    sources: stores.sources,
    live: hints.live,
    queue: hints.queue,
    models: { limited: [], analyst: null, list: () => [candidate] },
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
  return { answer, job, tracer, llm, changes, lines, hints, question: asked.question.message }
}

t.test(
  '[OTEL1] the span of a reply belongs to the trace of its job, and the published change and the log lines name that trace',
  async (t) => {
    const { answer, job, tracer, changes, lines, question } = await startWorker([['Isolate it.', createFinish()]])

    await answer({ ...job, request_id: 'r-1', traceparent }, notAborted)

    const [call, work] = tracer.ended
    const { event_id, user_id, chat_session_id: session_id, message_id: question_id } = question
    const ids = { question_id, reply_id: job.message_id, event_id, user_id, session_id, request_id: 'r-1' }
    t.match(work, { name: 'process ai-reply', kind: 'consumer', parent: traceparent, fields: ids, error: undefined })
    t.match(work?.fields, { outcome: 'chat', finish_reason: 'stop', attempt: 1, tries: 1 })
    t.equal(call?.parent, `00-${work?.traceId}-${work?.spanId}-01`)
    t.match(changes, [{ traceparent: call?.parent }])
    t.ok(lines.length > 2 && lines.every(({ trace_id }) => trace_id === work?.traceId))
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
  const before = tracer.ended.length
  await answer({ ...job, traceparent }, notAborted)
  t.equal(tracer.ended.length, before)
})

t.test('[OTEL2] the span of a call names its models, tokens, finish reason and time to the first piece', async (t) => {
  const { answer, job, tracer, question } = await startWorker([
    ['Isolate it.', createFinish('length', 'answering-model')],
  ])
  await answer({ ...job, traceparent }, notAborted)
  const call = tracer.ended.find(({ name }) => name === 'chat scripted')
  t.match(call, { kind: 'client', error: undefined })
  t.match(call?.fields, {
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
    const cut: LlmPiece[] = [{ type: 'text', text: 'a part' }]
    for (const [script, code] of [
      [[[failure]], 'llm_unauthorized'],
      [[cut, ['Isolate it.', createFinish()]], 'llm_stream_cut'],
    ] as const) {
      const { answer, job, tracer } = await startWorker(script.map((steps) => [...steps]))
      await answer({ ...job, traceparent }, notAborted)
      const calls = tracer.ended.filter(({ name }) => name === 'chat scripted')
      t.same(
        calls.map(({ error }) => error),
        [code, ...(script.length > 1 ? [undefined] : [])],
      )
      t.equal(
        tracer.ended.at(-1)?.error,
        script.length > 1 ? undefined : code,
        'the span of the reply has the same code',
      )
      t.notMatch(JSON.stringify(tracer.ended), 'secret')
    }

    const stopping = new AbortController()
    const { answer, job, tracer, llm, hints } = await startWorker([[createGate()]])
    const done = answer({ ...job, traceparent }, stopping.signal)
    await llm.waitForCall(1)
    stopping.abort()
    await done
    t.match(tracer.ended, [{ error: 'stopped' }, { fields: { outcome: 'released' } }])
    t.match(hints.queue.waiting, [{ message_id: job.message_id, traceparent }], 'the next job continues the trace')
  },
)
