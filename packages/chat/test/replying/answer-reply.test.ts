import { LlmError } from '@engineer-chat/chat/models'
import { answerReply, requeueDueReplies } from '@engineer-chat/chat/replying'
import { createScriptedLlm, finish, gate } from '@engineer-chat/chat/testing'
import t from 'tap'
import { question } from '../../testing/contracts/harness.ts'
import { aWorker, settle, TIMEOUT_MS } from './reply-harness.ts'

const never = new AbortController().signal
const failure = (code: LlmError['code'], transient: boolean, retry_after_ms?: number) =>
  new LlmError(code, 'for logs', { transient, ...(retry_after_ms !== undefined && { retry_after_ms }) })

t.test('[ANSWER1] a reply is claimed, streamed, stored with one write, told to the room, and recorded', async (t) => {
  const worker = await aWorker([['Isolate ', 'it.', finish()]])
  await answerReply(worker.ctx, worker.ref, never)
  await settle()
  t.match(worker.row(), {
    attempt: 1,
    message: { message_type: 'chat', message_from: 'ai_assistant', sender_type: 'ai' },
  })
  t.strictSame(worker.content(), {
    content: 'Isolate it.',
    prompt_version: 'answer/3',
    model: 'scripted',
    finish_reason: 'stop',
    usage: { prompt_tokens: 10, completion_tokens: 5 },
    attempts: 1,
  })
  t.strictSame(worker.heard, [
    { type: 'delta', attempt: 1, text: 'Isolate ' },
    { type: 'delta', attempt: 1, text: 'it.' },
    { type: 'change' },
  ])
  t.match(worker.stores.world.calls, [
    { attempt: 1, model: 'scripted', outcome: 'ok', error_code: null, first_token_ms: 0 },
  ])
  t.match(worker.measured, [{ model: 'scripted', outcome: 'chat' }])
})

t.test('[ANSWER1] the session’s next question is queued when the one before it has its answer', async (t) => {
  const worker = await aWorker([['Yes.', finish()]])
  const second = await worker.stores.messages.ask(question(worker.place, { text: 'And then?' }))
  t.equal(second.job, null)
  await answerReply(worker.ctx, worker.ref, never)
  t.strictSame(worker.hints.queue.waiting, [{ message_id: second.reply.message.message_id, attempt: 0 }])
})

t.test('[ANSWER1] a reply that another worker holds, or that is finished, is left alone', async (t) => {
  const open = gate()
  const llm = createScriptedLlm([[open, 'Yes.', finish()]])
  const worker = await aWorker(llm)
  const first = answerReply(worker.ctx, worker.ref, never)
  await llm.called(1)
  await answerReply(worker.ctx, worker.ref, never)
  open.open()
  await first
  await answerReply(worker.ctx, worker.ref, never)
  t.equal(llm.requests.length, 1)
  t.equal(worker.content()?.content, 'Yes.')
})

t.test(
  '[ANSWER2] a failure that may pass is tried once more, with a wait, as a new attempt; a second one ends the reply',
  async (t) => {
    const codes = ['llm_timeout', 'llm_unreachable', 'llm_rate_limited', 'llm_unavailable', 'llm_stream_cut'] as const
    for (const code of codes) {
      const worker = await aWorker([
        ['Iso', failure(code, true)],
        ['Isolate it.', finish()],
      ])
      const done = answerReply(worker.ctx, worker.ref, never)
      const wait = await worker.clock.sleeping(500, 1_500)
      await worker.clock.advance(wait)
      await done
      await settle()
      t.match(worker.content(), { content: 'Isolate it.', attempts: 2, finish_reason: 'stop' }, code)
      t.match(worker.heard, [{ attempt: 1, text: 'Iso' }, { attempt: 2, text: 'Isolate it.' }, { type: 'change' }])
      t.match(worker.stores.world.calls, [
        { attempt: 1, outcome: 'failed', error_code: code },
        { attempt: 2, outcome: 'ok' },
      ])
    }
    const twice = await aWorker([[failure('llm_unavailable', true)]])
    const done = answerReply(twice.ctx, twice.ref, never)
    await twice.clock.advance(await twice.clock.sleeping(500, 1_500))
    await done
    t.match(twice.row(), { message: { message_type: 'error', message_from: 'system', sender_type: 'system' } })
    t.match(twice.content(), {
      error: { code: 'llm_unavailable', retryable: true },
      attempts: 2,
      finish_reason: 'error',
    })
    t.equal(twice.stores.world.calls.length, 2)
  },
)

t.test('[ANSWER2] a failure that will not pass ends the reply at once', async (t) => {
  for (const code of ['llm_rejected', 'llm_unauthorized'] as const) {
    const worker = await aWorker([[failure(code, false)]])
    await answerReply(worker.ctx, worker.ref, never)
    t.match(worker.content(), { error: { code, retryable: false }, attempts: 1 })
  }
  const bug = await aWorker([[new TypeError('x is not a function')]])
  await answerReply(bug.ctx, bug.ref, never)
  t.match(bug.content(), { error: { code: 'internal', retryable: true } })
})

t.test('[ANSWER3] Retry-After is kept to up to 30 s; a longer one counts as failure', async (t) => {
  const kept = await aWorker([[failure('llm_rate_limited', true, 12_000)], ['Now.', finish()]])
  const done = answerReply(kept.ctx, kept.ref, never)
  const wait = await kept.clock.sleeping(12_000, 12_500)
  // The lease is renewed meanwhile.
  for (let waited = 0; waited < wait; waited += 2_500) await kept.clock.advance(2_500)
  await done
  t.equal(kept.content()?.content, 'Now.')

  const long = await aWorker([[failure('llm_rate_limited', true, 30_001)], ['Now.', finish()]])
  await answerReply(long.ctx, long.ref, never)
  t.match(long.content(), { error: { code: 'llm_rate_limited', retryable: true }, attempts: 1 })
})

t.test(
  '[ANSWER4] a call has one time limit in all, whatever trickles in, also for a model that does not listen',
  async (t) => {
    const deaf = {
      model: 'deaf',
      provider: 'test',
      async *stream() {
        yield { type: 'text', text: 'Well' } as const
        await gate()
      },
    }
    for (const llm of [createScriptedLlm([['Well', gate()]]), deaf]) {
      const worker = await aWorker(llm)
      const done = answerReply(worker.ctx, worker.ref, never)
      for (let call = 1; call <= 2; call++) {
        await worker.clock.sleeping(TIMEOUT_MS)
        for (let passed = 0; passed < TIMEOUT_MS; passed += 2_500) await worker.clock.advance(2_500)
        if (call === 1) await worker.clock.advance(await worker.clock.sleeping(500, 1_500))
      }
      await done
      t.match(worker.content(), { error: { code: 'llm_timeout', retryable: true }, attempts: 2 })
    }
  },
)

t.test('[ANSWER5] the lease is renewed while the model speaks, so that nobody else takes the reply', async (t) => {
  const open = gate()
  const llm = createScriptedLlm([[open, 'Done.', finish()]])
  const worker = await aWorker(llm)
  const done = answerReply(worker.ctx, worker.ref, never)
  await llm.called(1)
  for (let passed = 0; passed < 25_000; passed += 2_500) await worker.clock.advance(2_500)
  t.strictSame(await worker.stores.replies.takeDue(10, 1_000), [])
  t.equal(await worker.stores.replies.claim(worker.ref.message_id, 8_000), undefined)
  open.open()
  await done
  t.equal(worker.content()?.content, 'Done.')
})

t.test('[ANSWER5] fenced out, a worker stops at its next look and writes nothing', async (t) => {
  const llm = createScriptedLlm([
    ['Old', gate()],
    ['New.', finish()],
  ])
  const worker = await aWorker(llm)
  const stale = answerReply(worker.ctx, worker.ref, never)
  await llm.called(1)
  worker.stores.lapse(worker.ref.message_id) // as if it had been away
  await answerReply(worker.ctx, worker.ref, never)
  await worker.clock.advance(2_500)
  await stale
  t.match(worker.row(), { attempt: 2, message: { message_content: { content: 'New.' } } })
  t.match(
    worker.log.lines.find(({ event }) => event === 'EngineerChat.reply_left'),
    { fields: { reason: 'fenced' } },
  )
})

t.test(
  '[ANSWER6] cancelled, a reply ends as chat with what was written: by the hint at once, without it at the next look',
  async (t) => {
    for (const hinted of [true, false]) {
      const llm = createScriptedLlm([['So far', gate()]])
      const worker = await aWorker(llm)
      const done = answerReply(worker.ctx, worker.ref, never)
      await llm.called(1)
      await settle()
      const { claimed } = await worker.stores.messages.cancel(worker.place.owner, worker.ref.message_id)
      t.ok(claimed)
      if (hinted) worker.hints.bus.publishCancel(worker.ref.message_id)
      else await worker.clock.advance(2_500)
      await done
      t.match(worker.row(), { message: { message_type: 'chat', message_from: 'ai_assistant' } })
      t.match(worker.content(), { content: 'So far', finish_reason: 'cancelled', model: 'scripted', attempts: 1 })
      t.match(worker.stores.world.calls, [{ outcome: 'cancelled' }])
    }
  },
)

t.test('[ANSWER6] a hint alone cancels nothing; one that was cancelled before its claim makes no call', async (t) => {
  const open = gate()
  const llm = createScriptedLlm([['So far', open, '.', finish()]])
  const worker = await aWorker(llm)
  const done = answerReply(worker.ctx, worker.ref, never)
  await llm.called(1)
  worker.hints.bus.publishCancel(worker.ref.message_id)
  await settle()
  open.open()
  await done
  t.match(worker.content(), { content: 'So far.', finish_reason: 'stop' })

  const lapsed = await aWorker(createScriptedLlm([[gate()]]))
  await lapsed.stores.replies.claim(lapsed.ref.message_id, 8_000)
  await lapsed.stores.messages.cancel(lapsed.place.owner, lapsed.ref.message_id)
  lapsed.stores.lapse(lapsed.ref.message_id)
  await answerReply(lapsed.ctx, lapsed.ref, never)
  t.match(lapsed.content(), { content: '', finish_reason: 'cancelled' })
  t.equal(lapsed.stores.world.calls.length, 0)
})

t.test('[ANSWER6] a reply can be cancelled while it waits to try again', async (t) => {
  const worker = await aWorker([['Iso', failure('llm_unavailable', true)]])
  const done = answerReply(worker.ctx, worker.ref, never)
  await worker.clock.sleeping(500, 1_500)
  await worker.stores.messages.cancel(worker.place.owner, worker.ref.message_id)
  worker.hints.bus.publishCancel(worker.ref.message_id)
  await done
  t.match(worker.content(), { content: 'Iso', finish_reason: 'cancelled' })
})

t.test(
  '[ANSWER7] after five claims that died with their worker the reply ends as an error, in the asker’s language',
  async (t) => {
    for (const [text, pattern] of [
      ['What now?', /interrupted several times/],
      ['现在怎么办？', /多次被中断/],
    ] as const) {
      const llm = createScriptedLlm([['Yes.', finish()]])
      const worker = await aWorker(llm, text)
      for (let died = 0; died < 5; died++) {
        await worker.stores.replies.claim(worker.ref.message_id, 8_000)
        worker.stores.lapse(worker.ref.message_id)
      }
      await answerReply(worker.ctx, worker.ref, never)
      t.match(worker.content(), { content: pattern, error: { code: 'worker_lost', retryable: true } })
      t.equal(llm.requests.length, 0)
    }
  },
)

t.test('[ANSWER8] an error row helps in the asker’s language and holds no internals', async (t) => {
  const worker = await aWorker([[failure('llm_unauthorized', false)]], '@AI 下一步？')
  await answerReply(worker.ctx, worker.ref, never)
  t.match(worker.content()?.content, /AI 模型不接受/)
  t.notMatch(JSON.stringify(worker.content()), /for logs/)
  const english = await aWorker([[failure('llm_stream_cut', false)]])
  await answerReply(english.ctx, english.ref, never)
  t.match(english.content()?.content, /broke off.*Your question is saved/)
})

t.test('[ANSWER9] a shutdown gives the reply back, its try not counted, and another worker begins anew', async (t) => {
  const llm = createScriptedLlm([
    ['Half', gate()],
    ['Whole.', finish()],
  ])
  const worker = await aWorker(llm)
  const shutdown = new AbortController()
  const done = answerReply(worker.ctx, worker.ref, shutdown.signal)
  await llm.called(1)
  shutdown.abort(new Error('SIGTERM'))
  await done
  t.equal(worker.row()?.message.message_type, 'thinking')
  t.equal(worker.stores.world.messages.get(worker.ref.message_id)?.reply?.tries, 0)
  const [next] = worker.hints.queue.waiting
  t.strictSame(next, { message_id: worker.ref.message_id, attempt: 1 })
  await answerReply(worker.ctx, worker.ref, shutdown.signal)
  t.equal(llm.requests.length, 1, 'one that is shutting down takes nothing')
  await answerReply(worker.ctx, worker.ref, never)
  t.match(worker.row(), { attempt: 2, message: { message_content: { content: 'Whole.' } } })
})

t.test('[ANSWER10] an answer that cannot be stored is kept and tried again, and told once it is stored', async (t) => {
  const worker = await aWorker([['Kept.', finish()]])
  let down = 3
  const replies: typeof worker.ctx.replies = {
    ...worker.stores.replies,
    finish: async (ref, outcome) => {
      if (down-- > 0) throw new Error('the connection is gone')
      return worker.stores.replies.finish(ref, outcome)
    },
  }
  const done = answerReply({ ...worker.ctx, replies }, worker.ref, never)
  for (const [from, to] of [
    [100, 200],
    [201, 400],
    [401, 800],
  ] as const) {
    await worker.clock.advance(await worker.clock.sleeping(from, to))
  }
  await done
  await settle()
  t.equal(worker.content()?.content, 'Kept.')
  t.equal(worker.stores.world.calls.length, 1, 'the model was asked once')
  t.strictSame(worker.heard.at(-1), { type: 'change' })
})

t.test('[ANSWER10] what fails before the model is asked is left to the sweep, which asks again', async (t) => {
  const worker = await aWorker([['Later.', finish()]])
  const replies = { ...worker.stores.replies, findContext: () => Promise.reject(new Error('the connection is gone')) }
  await t.rejects(answerReply({ ...worker.ctx, replies }, worker.ref, never), /gone/)
  t.equal(await requeueDueReplies(worker.ctx), 0, 'its lease runs')
  await worker.clock.advance(8_001)
  t.equal(await requeueDueReplies(worker.ctx), 1)
  t.strictSame(worker.hints.queue.waiting, [{ message_id: worker.ref.message_id, attempt: 1 }])
  await answerReply(worker.ctx, worker.ref, never)
  t.equal(worker.content()?.content, 'Later.')
})

t.test('[ANSWER10] a renewal or a record that fails ends no answer', async (t) => {
  const open = gate()
  const llm = createScriptedLlm([['Still ', open, 'here.', finish()]])
  const worker = await aWorker(llm)
  const down = () => Promise.reject(new Error('the connection is gone'))
  const done = answerReply(
    { ...worker.ctx, replies: { ...worker.stores.replies, renew: down, recordCall: down } },
    worker.ref,
    never,
  )
  await llm.called(1)
  await worker.clock.advance(2_500)
  open.open()
  await done
  t.equal(worker.content()?.content, 'Still here.')
})

t.test('[ANSWER18] what a model says is repaired, bounded, and never empty', async (t) => {
  const broken = await aWorker([['half \ud83d', ' and null \0.', finish()]])
  await answerReply(broken.ctx, broken.ref, never)
  t.equal(broken.content()?.content, 'half \ufffd and null \ufffd.')

  const endless = await aWorker(() => Array.from({ length: 300 }, (_, at) => `${at} ${'x'.repeat(995)}`))
  await answerReply(endless.ctx, endless.ref, never)
  t.match(endless.content(), { finish_reason: 'length' })
  t.ok((endless.content()?.content.length ?? 0) < 210_000)

  const empty = await aWorker([
    [' \n', finish()],
    ['Now.', finish()],
  ])
  const done = answerReply(empty.ctx, empty.ref, never)
  await empty.clock.advance(await empty.clock.sleeping(500, 1_500))
  await done
  t.match(empty.content(), { content: 'Now.', attempts: 2 })
})

t.test('[ANSWER18] what a model thinks is no part of its answer', async (t) => {
  const worker = await aWorker([[{ type: 'reasoning', text: 'Hm.' }, 'Yes.', finish('length')]])
  await answerReply(worker.ctx, worker.ref, never)
  t.match(worker.content(), { content: 'Yes.', finish_reason: 'length' })
  t.notMatch(JSON.stringify(worker.heard), /Hm/)
})

t.test('[ANSWER19] no line of the log holds a word of question or answer', async (t) => {
  const worker = await aWorker(
    [
      ['Iso-SECRET', failure('llm_unavailable', true)],
      ['Answer-SECRET', finish()],
    ],
    'Question-SECRET?',
  )
  const done = answerReply(worker.ctx, worker.ref, never)
  await worker.clock.advance(await worker.clock.sleeping(500, 1_500))
  await done
  t.ok(worker.log.lines.length >= 3)
  t.notMatch(JSON.stringify(worker.log.lines), /SECRET/)
})
