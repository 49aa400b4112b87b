import { createAnswer, openEvent, openRoom, until } from '@engineer-chat/proof'
import t from 'tap'

t.test('the product with two API nodes and two workers', async (t) => {
  const room = await openRoom({ apis: 2, workers: 2 })
  t.teardown(() => room.stop())
  const { alice, bob, captain, model, event_id } = room

  t.test('[PROOF1] a question asked at one node is answered, and streams to a socket at the other', async (t) => {
    const follower = await alice.follow(room.at(1), event_id)
    const sent = await alice.ask(room.at(0), event_id, '@AI what should we contain first?')
    t.equal(sent.status, 200)
    t.equal(sent.body.ai_message.message_type, 'thinking')
    const reply = sent.body.ai_message.message_id
    const final = await follower.finalRow(reply)
    t.match(final.message, { message_type: 'chat', message_content: { finish_reason: 'stop', model: 'fake-1' } })
    t.match(final.message.message_content.content, /^Answer to: .*what should we contain first/)

    const seen = follower.frames.flatMap((frame) => (frame.type === 'message' ? [frame] : []))
    t.same(
      seen.map((frame) => frame.seq),
      seen.map((frame) => frame.seq).toSorted((a, b) => a - b),
      'in sequence order',
    )
    const [first] = follower.deltas(reply)
    t.equal(first?.index, 0, 'deltas begin at 0')
    t.ok(follower.frames.indexOf(first ?? final) < follower.frames.indexOf(final), 'and come before the final row')
    follower.close()
  })

  t.test(
    '[PROOF2] another engineer and an agent see no byte of a private session, by any route or frame',
    async (t) => {
      const secret = 'heliotrope-7781'
      const followers = [await bob.follow(room.at(1), event_id), await captain.follow(room.at(0), event_id)]
      const held = model.hold(secret)
      const sent = (await alice.ask(room.at(0), event_id, `is ${secret} ours?`)).body
      await held.reached
      const late = [await bob.follow(room.at(0), event_id), await captain.follow(room.at(1), event_id)]
      held.release()
      await alice.answerTo(room.at(0), sent)
      const sentinel = await captain.call(room.at(0), 'POST', `/api/events/${event_id}/messages`, {
        message_from: '_captain',
        message_type: 'system_notification',
        message_content: 'sentinel',
      })
      t.equal(sentinel.status, 201)
      const hidden = [secret, sent.session_id, sent.user_message.message_id, sent.ai_message.message_id]
      for (const follower of [...followers, ...late]) {
        await follower.until(
          'the sentinel',
          (frame) => frame.type === 'message' && frame.message.message_content.content === 'sentinel',
        )
        const heard = JSON.stringify(follower.frames)
        for (const word of hidden) t.notOk(heard.includes(word), `no socket heard ${word}`)
        follower.close()
      }
      for (const { url } of [...room.product.apis, ...room.product.workers]) {
        const figures = await (await fetch(`${url}/metrics`)).text()
        t.match(figures, /^engineer_chat_/m)
        for (const word of [...hidden, event_id, alice.user_id])
          t.notOk(figures.includes(word), `/metrics says nothing of ${word}`)
      }
      for (const other of [bob, captain, room.admin]) {
        for (const path of looks(event_id)) {
          const answer = await other.call(room.at(1), 'GET', path)
          for (const word of hidden) t.notOk(answer.text.includes(word), `${path} says nothing of ${word}`)
        }
        const nobodys = `chat_${'0'.repeat(8)}_${'0'.repeat(8)}`
        const theirs = grabs(event_id, sent.session_id, sent.ai_message.message_id)
        const missing = grabs(event_id, nobodys, nobodys)
        for (const [i, [method, path, body]] of theirs.entries()) {
          const answer = await other.call<{ code: string }>(room.at(1), method, path, body)
          const [, unknownPath = '', unknownBody] = missing[i] ?? []
          const unknown = await other.call<{ code: string }>(room.at(1), method, unknownPath, unknownBody)
          t.match(answer, { status: other === captain ? 403 : 404 }, `${method} ${path}`)
          t.same([answer.status, answer.body.code], [unknown.status, unknown.body.code], 'as if it did not exist')
        }
      }
    },
  )

  t.test('[PROOF3] sharing in mid-answer: the room gets the rows, what was written so far, and the rest', async (t) => {
    const own = await openEvent(room.at(0), alice)
    const held = model.hold('share-me')
    const bobs = await bob.follow(room.at(1), own)
    const agents = await captain.follow(room.at(1), own)
    const alices = await alice.follow(room.at(0), own)
    const sent = (await alice.ask(room.at(0), own, 'share-me please')).body
    await held.reached
    await alices.until('the first piece', (frame) => frame.type === 'delta') // else there is nothing written to show
    alices.close()
    const shared = await alice.call(room.at(0), 'POST', `/api/engineer-chat/sessions/${sent.session_id}/share`)
    t.equal(shared.status, 200)
    const reply = sent.ai_message.message_id
    await bobs.until(
      'the question',
      (f) => f.type === 'message' && f.message.message_id === sent.user_message.message_id,
    )
    const snapshot = await bobs.until('a snapshot', (frame) => frame.type === 'snapshot' && frame.message_id === reply)
    t.match(snapshot, { text: 'Answer t' })
    held.release()
    const final = await bobs.finalRow(reply)
    t.equal(final.message.visibility, 'room')
    t.match(final.message.message_content.content, /^Answer to: .*share-me please/)
    const page = await bob.call<{ messages: unknown[] }>(room.at(0), 'GET', `/api/events/${own}/messages`)
    t.equal(page.body.messages.length, 2, 'and the timeline has them')
    await captain.call(room.at(0), 'POST', `/api/events/${own}/messages`, {
      message_from: '_captain',
      message_type: 'system_notification',
      message_content: 'sentinel',
    })
    await agents.until('the sentinel', (frame) => frame.type === 'message')
    t.notOk(JSON.stringify(agents.frames).includes('share-me'), 'an agent sees no chat, shared or not')
  })

  t.test('[PROOF4] cancel: before the claim, after it, and against the finish', async (t) => {
    const own = await openEvent(room.at(0), alice)
    const held = model.hold('first-question')
    const first = (await alice.ask(room.at(0), own, 'first-question')).body
    await held.reached
    const second = (await alice.ask(room.at(0), own, 'second-question')).body
    const cancel = (id: string, node: number) =>
      alice.call<{ message_type: string }>(room.at(node), 'POST', `/api/engineer-chat/messages/${id}/cancel`)

    const unclaimed = await cancel(second.ai_message.message_id, 1)
    t.match(unclaimed, { status: 200, body: { message_type: 'chat', message_content: { finish_reason: 'cancelled' } } })
    const claimed = await cancel(first.ai_message.message_id, 1)
    t.equal(claimed.status, 200)
    const ended = await alice.answerTo(room.at(0), first)
    t.match(ended, { message_type: 'chat', message_content: { finish_reason: 'cancelled', content: 'Answer t' } })
    t.notOk(
      model.calls.some((call) => call.question.includes('second-question')),
      'the model never heard of the other',
    )

    const racing = model.hold('third-question')
    const third = (await alice.ask(room.at(0), own, 'third-question')).body
    await racing.reached
    racing.release()
    await cancel(third.ai_message.message_id, 0)
    const either = await alice.answerTo(room.at(0), third)
    t.match(either.message_content.finish_reason, /^(stop|cancelled)$/, 'exactly one of both')
    t.match(
      await cancel(third.ai_message.message_id, 0),
      { status: 200, body: { seq: either.seq } },
      'a finished one is answered as it is',
    )
  })

  t.test('[PROOF5] retry: of a failed reply and of a good one, in place', async (t) => {
    const own = await openEvent(room.at(0), alice)
    model.fail('try-again', 401)
    const sent = (await alice.ask(room.at(0), own, 'try-again')).body
    const failed = await alice.answerTo(room.at(0), sent)
    t.match(failed, {
      message_type: 'error',
      sender_type: 'system',
      message_content: { error: { code: 'llm_unauthorized' } },
    })
    t.notMatch(JSON.stringify(failed), /secret of the host/)
    const retry = () =>
      alice.call<{ seq: number; message_type: string }>(
        room.at(1),
        'POST',
        `/api/engineer-chat/messages/${sent.ai_message.message_id}/retry`,
      )
    for (const before of [failed.seq, undefined]) {
      const again = await retry()
      t.match(again, { status: 200, body: { message_type: 'thinking' } })
      if (before !== undefined) t.ok(again.body.seq > before)
      const reply = await alice.answerTo(room.at(0), sent)
      t.match(reply, { message_type: 'chat', position: sent.ai_message.position })
      t.match(reply.message_content.content, /^Answer to: .*try-again/)
    }
  })

  t.test(
    '[PROOF6] what an agent posts enters no prompt, nor another session, and the agent sees agents and people alone',
    async (t) => {
      const own = await openEvent(room.at(0), alice)
      await captain.call(room.at(0), 'POST', `/api/events/${own}/messages`, {
        message_from: '_expert',
        message_type: 'execution_summary_generated',
        message_content: { content: 'agent-marigold', data: { more: 1 } },
      })
      await bob.call(room.at(0), 'POST', `/api/events/${own}/messages`, { message: 'person-marigold' })
      const bobs = (await bob.ask(room.at(0), own, 'bob-marigold')).body
      await bob.answerTo(room.at(0), bobs)
      for (const question of ['one-marigold', 'two-marigold']) {
        const sent = (await alice.ask(room.at(1), own, question)).body
        await alice.answerTo(room.at(1), sent)
      }
      const call = model.calls.find((call) => call.question.includes('two-marigold'))
      const prompt = call?.prompt ?? ''
      t.ok(
        prompt.includes('one-marigold') && prompt.includes(createAnswer('one-marigold').slice(0, 8)),
        'the session so far is in it',
      )
      for (const foreign of ['agent-marigold', 'person-marigold', 'bob-marigold'])
        t.notOk(prompt.includes(foreign), foreign)
      t.equal(prompt.split('two-marigold').length, 2, 'the question stands in it once')
      const page = await captain.call<{ messages: Array<{ message_category: string }> }>(
        room.at(0),
        'GET',
        `/api/events/${own}/messages`,
      )
      t.same(
        page.body.messages.map((message) => message.message_category),
        ['agent', 'room'],
      )
    },
  )

  t.test('[SECRET1] no secret reaches the provider, whoever wrote it; the answer has it back', async (t) => {
    const [key, password, card] = ['AKIAQWERTYUIOPASDFGH', 'Winter2026!horse', '4111111111111111']
    const own = await openEvent(room.at(0), alice, { message: `In the dump: DB_PASSWORD=${password} and ${key}` })
    const question = `is ${key} of marigold-7 ours, and whose card is ${card}?`
    const preview = await alice.call(room.at(1), 'POST', '/api/engineer-chat/preview', {
      event_id: own,
      message: question,
    })
    t.equal(preview.status, 200)
    const sent = (await alice.ask(room.at(0), own, question)).body
    const answer = await alice.answerTo(room.at(0), sent)
    t.equal(answer.message_content.content, createAnswer(question), 'put back, though its stream was split')
    const prompts = model.calls.filter((call) => call.question.includes('marigold-7'))
    t.equal(prompts.length, 1)
    const logs = [...room.product.apis, ...room.product.workers].flatMap((running) => running.log).join('\n')
    for (const secret of [key, password, card]) {
      t.notOk(prompts[0]?.prompt.includes(secret), 'not in the request')
      t.notOk(preview.text.includes(secret), 'not in the preview')
      t.notOk(logs.includes(secret), 'not in a log')
    }
  })

  t.test('[CMD5] a command is answered from what people wrote, with citations', async (t) => {
    const own = await openEvent(room.at(0), alice)
    await bob.call(room.at(0), 'POST', `/api/events/${own}/messages`, { message: 'bob-primrose isolated it' })
    const sent = (await alice.ask(room.at(0), own, '@AI /summary primrose')).body
    const answer = await alice.answerTo(room.at(1), sent)
    t.match(answer.message_content, { prompt_version: /^summary\// })
    const call = model.calls.find(({ question }) => question.includes('primrose'))
    t.match(call?.prompt, 'bob-primrose isolated it')
  })

  t.test('[PROOF7] a member removed in mid-answer hears nothing more within a second, with Redis paused', async (t) => {
    const own = await openEvent(room.at(0), alice, { access: 'restricted' })
    const member = `/api/events/${own}/members/${bob.user_id}`
    t.equal((await alice.call(room.at(0), 'PUT', member, { role: 'responder' })).status, 200)
    const bobs = await bob.follow(room.at(1), own)
    const held = model.hold('removed-while')
    const sent = (await bob.ask(room.at(0), own, 'removed-while')).body
    await held.reached
    await bobs.until(
      'the row',
      (frame) => frame.type === 'message' && frame.message.message_id === sent.ai_message.message_id,
    )
    process.kill(room.product.redis.pid, 'SIGSTOP')
    const removed = await alice.call(room.at(0), 'DELETE', member)
    const at = performance.now()
    t.ok(removed.status < 300)
    await until('bob is told', () =>
      bobs.frames.find((frame) => frame.type === 'error' && frame.code === 'forbidden' && frame.event_id === own),
    )
    t.ok(performance.now() - at < 1_500, 'about within the second')
    const heard = bobs.frames.length
    process.kill(room.product.redis.pid, 'SIGCONT')
    held.release()
    const posted = await alice.follow(room.at(1), own)
    await alice.call(room.at(0), 'POST', `/api/events/${own}/messages`, { message: 'after' })
    await posted.until(
      'the post',
      (frame) => frame.type === 'message' && frame.message.message_content.content === 'after',
    )
    t.same(
      bobs.frames.slice(heard).filter((frame) => 'event_id' in frame),
      [],
      'and hears nothing after',
    )
    t.equal((await bob.call(room.at(0), 'GET', `/api/events/${own}`)).status, 404)
  })
})

/** Lists and looks that a stranger may ask for; none of them names what it looks for. */
function looks(event_id: string): string[] {
  return [
    `/api/events/${event_id}`,
    `/api/events/${event_id}/messages?limit=100`,
    `/api/engineer-chat/history?event_id=${event_id}`,
    `/api/engineer-chat/status?event_id=${event_id}`,
    `/api/engineer-chat/sessions?event_id=${event_id}`,
  ]
}

/** Calls that name a private thing: to a stranger it is like one that doesn't exist. */
function grabs(
  event_id: string,
  session_id: string,
  message_id: string,
): Array<[method: string, path: string, body?: unknown]> {
  const chat = '/api/engineer-chat'
  return [
    ['GET', `${chat}/history?event_id=${event_id}&session_id=${session_id}`],
    ['POST', `${chat}/send`, { event_id, session_id, message: 'mine?' }],
    ['POST', `${chat}/messages/${message_id}/cancel`],
    ['POST', `${chat}/messages/${message_id}/retry`],
    ['PUT', `${chat}/messages/${message_id}/feedback`, { rating: 'up' }],
    ['POST', `${chat}/sessions/${session_id}/share`],
  ]
}
