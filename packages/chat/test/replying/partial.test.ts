import { LlmError } from '@engineer-chat/chat/models'
import { answerReply, getModelText } from '@engineer-chat/chat/replying'
import { createFinish, createGate, createScriptedLlm } from '@engineer-chat/chat/testing'
import t from 'tap'
import { aQuestion } from '../../testing/contracts/harness.ts'
import { aWorker, TIMEOUT_MS } from './reply-harness.ts'

const never = new AbortController().signal
const failure = (code: LlmError['code'], transient = false) => new LlmError(code, 'for logs', { transient })
const LIMIT = 200_000

/** Text that repeats nothing. */
const counted = (length: number): string =>
  Array.from({ length }, (_, at) => `${at}.`)
    .join('')
    .slice(0, length)

t.test('[PARTIAL1] however an answer breaks off, its error row keeps what was shown of it', async (t) => {
  for (const code of ['llm_stream_cut', 'llm_timeout', 'llm_rejected', 'llm_unavailable', 'internal'] as const) {
    const worker = await aWorker([['Isolate host 7, ', 'then', failure(code)]])
    await answerReply(worker.ctx, worker.ref, never)
    t.match(worker.row(), { audience: worker.place.owner, message: { message_type: 'error' } })
    t.match(worker.content(), { partial: 'Isolate host 7, then', error: { code }, finish_reason: 'error' }, code)
    t.notMatch(worker.content()?.content, 'Isolate', 'the message of the failure stays its own')
  }
})

t.test('[PARTIAL1] a stream without an end, and one that hangs, keep it too', async (t) => {
  const cut = await aWorker([['Isolate it']])
  const done = answerReply(cut.ctx, cut.ref, never)
  await cut.clock.advance(await cut.clock.sleeping(500, 1_500))
  await done
  t.match(cut.content(), { partial: 'Isolate it', error: { code: 'llm_stream_cut' }, attempts: 2 })

  const late = await aWorker([['Isolate it', createGate()]])
  const ended = answerReply(late.ctx, late.ref, never)
  for (let call = 1; call <= 2; call++) {
    await late.clock.sleeping(TIMEOUT_MS)
    for (let passed = 0; passed < TIMEOUT_MS; passed += 2_500) await late.clock.advance(2_500)
    if (call === 1) await late.clock.advance(await late.clock.sleeping(500, 1_500))
  }
  await ended
  t.match(late.content(), { partial: 'Isolate it', error: { code: 'llm_timeout' } })
})

t.test('[PARTIAL1] it is that of the last call which showed any; without one there is none', async (t) => {
  const silent = createScriptedLlm([[failure('llm_unauthorized')]], 'third')
  const chain = [
    createScriptedLlm([['From the first', failure('llm_rejected')]], 'first'),
    createScriptedLlm([['From the second', failure('llm_rejected')]], 'second'),
    silent,
  ]
  const worker = await aWorker(chain)
  await answerReply(worker.ctx, worker.ref, never)
  t.match(worker.content(), { partial: 'From the second', error: { code: 'llm_unauthorized' }, attempts: 3 })

  const nothing = await aWorker([[' \n\u200b', failure('llm_rejected')]])
  await answerReply(nothing.ctx, nothing.ref, never)
  t.notOk('partial' in (nothing.content() ?? {}))
})

t.test('[PARTIAL1] it is restored, filtered and checked like an answer; what the filter found is kept', async (t) => {
  const llm = createScriptedLlm(({ turns }) => {
    const [placeholder] = /\[\[[A-Z]+-1\]\]/.exec(turns.at(-1)?.content ?? '') ?? []
    return [`The key is ${placeholder}. ![x](https://cdn.example/a.png)`, failure('llm_stream_cut')]
  })
  const key = ['AKIA', 'Q7ZP2MX4LW3RT5VB'].join('')
  const worker = await aWorker(llm, `What is ${key} for?`)
  await answerReply(worker.ctx, worker.ref, never)
  const { partial, citations } = worker.content() ?? {}
  t.equal(partial, `The key is ${key}. x (https://cdn.example/a.png)`)
  t.equal(citations, undefined, 'no answer credits no evidence')
  const { items } = await worker.stores.reviews.list({ limit: 10 })
  t.match(items, [{ text: partial, reply: { hits: [{ kind: 'remote_image', count: 1 }] } }])
})

t.test('[PARTIAL1] it has the limit of an answer', async (t) => {
  const ofLength = async (length: number, text?: string) => {
    const worker = await aWorker([[counted(length), failure('llm_stream_cut')]], text)
    await answerReply(worker.ctx, worker.ref, never)
    return worker.content()
  }
  t.equal((await ofLength(LIMIT))?.partial, counted(LIMIT))
})

t.test(
  '[FILTER4] an answer over its limit is cut visibly, in the asker’s language, and one at its limit isn’t',
  async (t) => {
    const whole = await aWorker([[counted(LIMIT), createFinish()]])
    await answerReply(whole.ctx, whole.ref, never)
    t.equal(whole.content()?.content, counted(LIMIT))
    const long = await aWorker([[counted(LIMIT + 1)]])
    await answerReply(long.ctx, long.ref, never)
    const note = '[… cut here: an answer has at most 200000 characters …]'
    t.equal(long.content()?.content, `${counted(LIMIT)}\n\n${note}`)
    t.match(long.content(), { finish_reason: 'length' })
    const chinese = await aWorker([[counted(LIMIT - 1), '\u{1F525}', createFinish()]], '为什么？')
    await answerReply(chinese.ctx, chinese.ref, never)
    t.ok(chinese.content()?.content.startsWith(`${counted(LIMIT - 1)}\n\n[……在此处截断`), 'no character is cut in two')
  },
)

t.test('[PARTIAL1] a worker that died leaves none: what it streamed was stored nowhere', async (t) => {
  const worker = await aWorker([['Yes.', createFinish()]])
  for (let died = 0; died < 5; died++) {
    await worker.stores.replies.claim(worker.ref.message_id, 8_000)
    worker.stores.expireLease(worker.ref.message_id)
  }
  await answerReply(worker.ctx, worker.ref, never)
  t.match(worker.content(), { error: { code: 'worker_lost' } })
  t.notOk('partial' in (worker.content() ?? {}))
})

t.test('[PARTIAL2] it enters no later prompt; asked again, the reply begins anew', async (t) => {
  const llm = createScriptedLlm([
    ['Half of it', failure('llm_rejected')],
    ['Whole.', createFinish()],
    ['And more.', createFinish()],
  ])
  const worker = await aWorker(llm)
  await answerReply(worker.ctx, worker.ref, never)
  const next = await worker.stores.messages.ask(aQuestion(worker.place, { text: 'And then?' }))
  await answerReply(worker.ctx, { message_id: next.reply.message.message_id, attempt: 0 }, never)
  t.notMatch(JSON.stringify(llm.requests[1]?.turns), 'Half of it')
  const retried = await worker.stores.messages.retry(worker.place.owner, worker.ref.message_id)
  t.same(retried.row.message.message_content, { content: '' })
  const stored = worker.stores.data.messages.get(worker.ref.message_id)
  t.match(stored?.reply?.versions, [{ partial: 'Half of it' }], 'the version of before keeps it')
  await answerReply(worker.ctx, worker.ref, never)
  t.match(worker.content(), { content: 'And more.', finish_reason: 'stop' })
  t.notOk('partial' in (worker.content() ?? {}))
})

t.test('[PARTIAL1] what a model wrote of a row: of yesterday’s failure nothing', async (t) => {
  const error = { code: 'llm_timeout', retryable: true } as const
  t.equal(getModelText({ content: 'Yes.' }), 'Yes.')
  t.equal(getModelText({ content: 'Sorry.', error }), null)
  t.equal(getModelText({ content: 'Sorry.', error, partial: 'Iso' }), 'Iso')
})

t.test(
  '[ANSWER18] an answer of which nothing can be seen is a failure: tried again, then the next model',
  async (t) => {
    const blank = '\u200b \n\u2060'
    for (const text of [blank, `<<<MARK`]) {
      const first = createScriptedLlm(({ turns }) => {
        const [mark = ''] = /DATA-[0-9a-f]{12}/.exec(turns[0]?.content ?? '') ?? []
        return [text.replace('MARK', mark), createFinish('stop', 'first')]
      }, 'first')
      const worker = await aWorker([first, createScriptedLlm([['Now.', createFinish('stop', 'second')]], 'second')])
      const done = answerReply(worker.ctx, worker.ref, never)
      await worker.clock.advance(await worker.clock.sleeping(500, 1_500))
      await done
      t.match(worker.content(), { content: 'Now.', fallback: { from: 'first', code: 'llm_empty_answer' }, attempts: 3 })
      t.match(worker.stores.data.calls, [{ outcome: 'failed', error_code: 'llm_empty_answer' }])
    }
    const alone = await aWorker([[blank, createFinish()]])
    const done = answerReply(alone.ctx, alone.ref, never)
    await alone.clock.advance(await alone.clock.sleeping(500, 1_500))
    await done
    t.match(alone.row()?.message.message_type, 'error')
    t.match(alone.content(), { error: { code: 'llm_empty_answer', retryable: true }, content: /empty answer/ })
  },
)
