import { LlmError } from '@engineer-chat/chat/models'
import { answerReply, getModelText } from '@engineer-chat/chat/replying'
import { createFinish, createGate, createScriptedLlm } from '@engineer-chat/chat/testing'
import t from 'tap'
import { aQuestion } from '../../testing/contracts/harness.ts'
import { startWorker, startWorkerWithModels, TIMEOUT_MS } from './reply-harness.ts'

const notAborted = new AbortController().signal
const createFailure = (code: LlmError['code'], transient = false) => new LlmError(code, 'for logs', { transient })
const MAX_ANSWER_CHARACTERS = 200_000

/** Creates a text that repeats nothing, so that it is not taken for a loop. */
const createCountedText = (length: number): string =>
  Array.from({ length }, (_, index) => `${index}.`)
    .join('')
    .slice(0, length)

t.test('[PARTIAL1] however an answer breaks off, its error row keeps what was shown of it', async (t) => {
  for (const code of ['llm_stream_cut', 'llm_timeout', 'llm_rejected', 'llm_unavailable', 'internal'] as const) {
    const worker = await startWorker([['Isolate host 7, ', 'then', createFailure(code)]])
    await answerReply(worker.ctx, worker.ref, notAborted)
    t.match(worker.getRow(), { audience: worker.place.owner, message: { message_type: 'error' } })
    t.match(worker.getContent(), { partial: 'Isolate host 7, then', error: { code }, finish_reason: 'error' }, code)
    t.notMatch(worker.getContent()?.content, 'Isolate', 'the message of the failure stays its own')
  }
})

t.test('[PARTIAL1] a stream without an end, and one that hangs, leave a partial too', async (t) => {
  const cut = await startWorker([['Isolate it']])
  const done = answerReply(cut.ctx, cut.ref, notAborted)
  await cut.passRetryPause()
  await done
  t.match(cut.getContent(), { partial: 'Isolate it', error: { code: 'llm_stream_cut' }, attempts: 2 })

  const hanging = await startWorker([['Isolate it', createGate()]])
  const ended = answerReply(hanging.ctx, hanging.ref, notAborted)
  for (let call = 1; call <= 2; call++) {
    await hanging.clock.waitForSleep(TIMEOUT_MS)
    await hanging.passTime(TIMEOUT_MS)
    if (call === 1) await hanging.passRetryPause()
  }
  await ended
  t.match(hanging.getContent(), { partial: 'Isolate it', error: { code: 'llm_timeout' } })
})

t.test('[PARTIAL1] the partial is from the last call that showed text; if none did, there is no partial', async (t) => {
  const silent = createScriptedLlm([[createFailure('llm_unauthorized')]], 'third')
  const chain = [
    createScriptedLlm([['From the first', createFailure('llm_rejected')]], 'first'),
    createScriptedLlm([['From the second', createFailure('llm_rejected')]], 'second'),
    silent,
  ]
  const worker = await startWorkerWithModels(chain)
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), { partial: 'From the second', error: { code: 'llm_unauthorized' }, attempts: 3 })

  const nothing = await startWorker([[' \n\u200b', createFailure('llm_rejected')]])
  await answerReply(nothing.ctx, nothing.ref, notAborted)
  t.notOk('partial' in (nothing.getContent() ?? {}))
})

t.test(
  '[ANSWER6] a cancelled reply keeps the text that its readers still see if the next call shows none',
  async (t) => {
    const createFirst = () => createScriptedLlm([['Isolate it', createFailure('llm_rejected')]], 'first')
    const silent = createScriptedLlm([[createGate()]], 'second')
    const worker = await startWorkerWithModels([createFirst(), silent])
    const cancel = ({ stores, place, ref }: typeof worker) => stores.messages.cancel(place.owner, ref.message_id)
    const done = answerReply(worker.ctx, worker.ref, notAborted)
    await silent.waitForCall(1)
    await cancel(worker)
    worker.hints.bus.publishCancel(worker.ref.message_id)
    await done
    const kept = { content: 'Isolate it', model: 'first', finish_reason: 'cancelled', attempts: 2 }
    t.match(worker.getContent(), kept, 'the next model has not written anything yet')

    const busy = createScriptedLlm(() => {
      cancelled = cancel(other)
      return [new LlmError('llm_rate_limited', 'for logs', { transient: true, status: 429 })]
    }, 'second')
    let cancelled: Promise<unknown> | undefined
    const other = await startWorkerWithModels([createFirst(), busy])
    await answerReply(other.ctx, other.ref, notAborted)
    await cancelled
    t.match(other.getContent(), kept, 'the next model is busy')
  },
)

t.test(
  '[PARTIAL1] a partial is restored, filtered and checked like an answer, and what the filter found is stored',
  async (t) => {
    const llm = createScriptedLlm(({ turns }) => {
      const [placeholder] = /\[\[[A-Z]+-1\]\]/.exec(turns.at(-1)?.content ?? '') ?? []
      return [`The key is ${placeholder}. ![x](https://cdn.example/a.png)`, createFailure('llm_stream_cut')]
    })
    const key = ['AKIA', 'Q7ZP2MX4LW3RT5VB'].join('')
    const worker = await startWorkerWithModels([llm], `What is ${key} for?`)
    await answerReply(worker.ctx, worker.ref, notAborted)
    const { partial, citations } = worker.getContent() ?? {}
    t.equal(partial, `The key is ${key}. x (https://cdn.example/a.png)`)
    t.equal(citations, undefined, 'a partial has no citations')
    const { items } = await worker.stores.reviews.list({ limit: 10 })
    t.match(items, [{ text: partial, reply: { hits: [{ kind: 'remote_image', count: 1 }] } }])
  },
)

t.test('[PARTIAL1] a partial may be as long as an answer', async (t) => {
  const longest = createCountedText(MAX_ANSWER_CHARACTERS)
  const worker = await startWorker([[longest, createFailure('llm_stream_cut')]])
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.equal(worker.getContent()?.partial, longest)
})

t.test(
  '[FILTER4] an answer over its limit is cut visibly, in the asker’s language, and one at its limit isn’t',
  async (t) => {
    const whole = await startWorker([[createCountedText(MAX_ANSWER_CHARACTERS), createFinish()]])
    await answerReply(whole.ctx, whole.ref, notAborted)
    t.equal(whole.getContent()?.content, createCountedText(MAX_ANSWER_CHARACTERS))
    const long = await startWorker([[createCountedText(MAX_ANSWER_CHARACTERS + 1)]])
    await answerReply(long.ctx, long.ref, notAborted)
    const note = '[… cut here: an answer has at most 200000 characters …]'
    t.equal(long.getContent()?.content, `${createCountedText(MAX_ANSWER_CHARACTERS)}\n\n${note}`)
    t.match(long.getContent(), { finish_reason: 'length' })
    const chinese = await startWorker(
      [[createCountedText(MAX_ANSWER_CHARACTERS - 1), '\u{1F525}', createFinish()]],
      '为什么？',
    )
    await answerReply(chinese.ctx, chinese.ref, notAborted)
    t.ok(
      chinese.getContent()?.content.startsWith(`${createCountedText(MAX_ANSWER_CHARACTERS - 1)}\n\n[……在此处截断`),
      'no character is cut in two',
    )
  },
)

t.test('[PARTIAL1] a reply whose workers died has no partial: streamed text is stored nowhere', async (t) => {
  const worker = await startWorker([['Yes.', createFinish()]])
  for (let death = 0; death < 5; death++) {
    await worker.stores.replies.claim(worker.ref.message_id, 8_000)
    worker.stores.expireLease(worker.ref.message_id)
  }
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), { error: { code: 'worker_lost' } })
  t.notOk('partial' in (worker.getContent() ?? {}))
})

t.test('[PARTIAL2] a partial enters no later prompt; a retried reply begins again', async (t) => {
  const llm = createScriptedLlm([
    ['Half of it', createFailure('llm_rejected')],
    ['Whole.', createFinish()],
    ['And more.', createFinish()],
  ])
  const worker = await startWorkerWithModels([llm])
  await answerReply(worker.ctx, worker.ref, notAborted)
  const next = await worker.stores.messages.ask(aQuestion(worker.place, { text: 'And then?' }))
  await answerReply(worker.ctx, { message_id: next.reply.message.message_id, attempt: 0 }, notAborted)
  t.notMatch(JSON.stringify(llm.requests[1]?.turns), 'Half of it')
  const retried = await worker.stores.messages.retry(worker.place.owner, worker.ref.message_id)
  t.same(retried.row.message.message_content, { content: '' })
  const stored = worker.stores.data.messages.get(worker.ref.message_id)
  t.match(stored?.reply?.versions, [{ partial: 'Half of it' }], 'the earlier version keeps it')
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), { content: 'And more.', finish_reason: 'stop' })
  t.notOk('partial' in (worker.getContent() ?? {}))
})

t.test('[PARTIAL1] the text of a model is read from its row; an error row of an older version has none', async (t) => {
  const error = { code: 'llm_timeout', retryable: true } as const
  t.equal(getModelText({ content: 'Yes.' }), 'Yes.')
  t.equal(getModelText({ content: 'Sorry.', error }), null)
  t.equal(getModelText({ content: 'Sorry.', error, partial: 'Iso' }), 'Iso')
})

t.test(
  '[ANSWER18] an answer of which nothing can be seen is a failure: tried again, then the next model',
  async (t) => {
    const blank = '\u200b \n\u2060'
    const writers: Array<(fenceMarker: string) => string> = [() => blank, (fenceMarker) => `<<<${fenceMarker}`]
    for (const write of writers) {
      const first = createScriptedLlm(({ turns }) => {
        const [fenceMarker = ''] = /DATA-[0-9a-f]{12}/.exec(turns[0]?.content ?? '') ?? []
        return [write(fenceMarker), createFinish('stop', 'first')]
      }, 'first')
      const worker = await startWorkerWithModels([
        first,
        createScriptedLlm([['Now.', createFinish('stop', 'second')]], 'second'),
      ])
      const done = answerReply(worker.ctx, worker.ref, notAborted)
      await worker.passRetryPause()
      await done
      t.match(worker.getContent(), {
        content: 'Now.',
        fallback: { from: 'first', code: 'llm_empty_answer' },
        attempts: 3,
      })
      t.match(worker.stores.data.calls, [{ outcome: 'failed', error_code: 'llm_empty_answer' }])
    }
    const alone = await startWorker([[blank, createFinish()]])
    const done = answerReply(alone.ctx, alone.ref, notAborted)
    await alone.passRetryPause()
    await done
    t.match(alone.getRow()?.message.message_type, 'error')
    t.match(alone.getContent(), { error: { code: 'llm_empty_answer', retryable: true }, content: /empty answer/ })
  },
)
