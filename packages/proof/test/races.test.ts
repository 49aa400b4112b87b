import { createEventAs, startFixture } from '@engineer-chat/proof'
import t from 'tap'

t.test('requests that race over two API nodes', async (t) => {
  const fixture = await startFixture({ apis: 2, workers: 1 })
  t.teardown(() => fixture.stop())
  const { alice } = fixture
  const listIndexes = (count: number) => Array.from({ length: count }, (_, i) => i)

  t.test('[RACE1] of 25 sends into a session of 10 rounds, ten are stored and fifteen get 409', async (t) => {
    const event_id = await createEventAs(fixture.getApiUrl(0), alice)
    const responses = await Promise.all(
      listIndexes(25).map((i) => alice.ask(fixture.getApiUrl(i % 2), event_id, `question ${i}`)),
    )
    const stored = responses.filter((response) => response.status === 200)
    t.same(
      stored.map((response) => response.body.round).toSorted((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    )
    t.equal(new Set(stored.map((response) => response.body.session_id)).size, 1)
    const session_id = stored[0]?.body.session_id
    for (const refused of responses.filter((response) => response.status !== 200)) {
      t.match(refused, { status: 409, body: { code: 'session_round_limit', session_id, action: 'create_new_session' } })
    }
    const page = await alice.call<{ messages: unknown[] }>(
      fixture.getApiUrl(0),
      'GET',
      `/api/events/${event_id}/messages?limit=100`,
    )
    t.equal(page.body.messages.length, 20, 'ten questions and ten replies')
    const next = await alice.call<{ session_id: string }>(
      fixture.getApiUrl(0),
      'POST',
      '/api/engineer-chat/new-session',
      { event_id },
    )
    t.equal(next.status, 201)
    t.match(await alice.ask(fixture.getApiUrl(1), event_id, 'next question'), {
      status: 200,
      body: { session_id: next.body.session_id, round: 1 },
    })
  })

  t.test(
    '[RACE2] 20 equal sends with one idempotency key store one question and one reply, and all return these rows',
    async (t) => {
      const event_id = await createEventAs(fixture.getApiUrl(0), alice)
      const idempotencyKey = { client_message_id: 'the-same-key' }
      const responses = await Promise.all(
        listIndexes(20).map((i) => alice.ask(fixture.getApiUrl(i % 2), event_id, 'only once', idempotencyKey)),
      )
      t.same(new Set(responses.map((response) => response.status)), new Set([200]))
      t.equal(new Set(responses.map((response) => response.body.user_message.message_id)).size, 1)
      t.equal(new Set(responses.map((response) => response.body.ai_message.message_id)).size, 1)
      const mismatch = await alice.ask(fixture.getApiUrl(0), event_id, 'something else', idempotencyKey)
      t.match(mismatch, { status: 422, body: { code: 'idempotency_mismatch' } })
      const page = await alice.call<{ messages: unknown[] }>(
        fixture.getApiUrl(0),
        'GET',
        `/api/events/${event_id}/messages`,
      )
      t.equal(page.body.messages.length, 2, 'one question and one reply')
    },
  )

  t.test('[RACE3] 20 concurrent first messages of a user open only one session', async (t) => {
    const event_id = await createEventAs(fixture.getApiUrl(0), alice)
    const responses = await Promise.all(
      listIndexes(20).map((i) => alice.ask(fixture.getApiUrl(i % 2), event_id, `first ${i}`)),
    )
    const stored = responses.filter((response) => response.status === 200)
    t.equal(stored.length, 10, 'a session has ten rounds')
    t.equal(new Set(stored.map((response) => response.body.session_id)).size, 1)
    const list = await alice.call<{ items: unknown[] }>(
      fixture.getApiUrl(0),
      'GET',
      `/api/engineer-chat/sessions?event_id=${event_id}`,
    )
    t.equal(list.body.items.length, 1)
  })

  t.test(
    '[RACE4] questions of one session are answered in order, those of several sessions at the same time',
    async (t) => {
      const event_id = await createEventAs(fixture.getApiUrl(0), alice)
      const first = fixture.model.pauseAfterFirstDelta('ordered-0')
      const sendResults = []
      for (const i of listIndexes(4))
        sendResults.push((await alice.ask(fixture.getApiUrl(0), event_id, `ordered-${i}`)).body)
      await first.started
      const other = (await fixture.bob.ask(fixture.getApiUrl(0), event_id, 'another session')).body
      await fixture.bob.waitForReply(fixture.getApiUrl(0), other)
      t.notOk(
        fixture.model.calls.some((call) => call.question.includes('ordered-1')),
        'the second waits for the first',
      )
      first.resume()
      for (const sendResult of sendResults) await alice.waitForReply(fixture.getApiUrl(0), sendResult)
      const order = fixture.model.calls.map((call) => call.question.match(/ordered-\d/)?.[0]).filter(Boolean)
      t.same(order, ['ordered-0', 'ordered-1', 'ordered-2', 'ordered-3'])
    },
  )
})
