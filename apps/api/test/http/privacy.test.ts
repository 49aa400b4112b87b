import t from 'tap'
import { createHarness } from '../harness.ts'

const SECRET_TEXT = 'the-secret-question'

t.test('[HTTP9] no route shows a private session to another user', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const others = [
    await harness.signUp('bob'),
    await harness.signUp('root', 'admin'),
    await harness.signUp('captain', 'agent'),
  ]
  const event_id = await harness.createEvent(alice)
  const { session_id, user_message, ai_message } = (
    await alice.call('POST', '/api/engineer-chat/send', { event_id, message: SECRET_TEXT, client_message_id: 'k-1' })
  ).json()
  const secrets = [session_id, user_message.message_id, ai_message.message_id, SECRET_TEXT]
  const eventUrl = `/api/events/${event_id}`
  const replyUrl = `/api/engineer-chat/messages/${ai_message.message_id}`
  const reads = [
    '/api/events',
    eventUrl,
    `${eventUrl}/messages`,
    `${eventUrl}/messages?before=100&limit=100`,
    `${eventUrl}/members`,
    `${eventUrl}/summaries`,
    `/api/engineer-chat/history?event_id=${event_id}`,
    `/api/engineer-chat/status?event_id=${event_id}`,
    `/api/engineer-chat/sessions?event_id=${event_id}`,
  ]
  for (const other of others) {
    for (const url of reads) {
      const { body, statusCode } = await other.call('GET', url)
      for (const secret of secrets) t.notMatch(body, secret, `${other.user_id} ${url} ${statusCode}`)
    }
    const expectedStatus = other.user_id === 'u-captain' ? 403 : 404 // No agent may use these routes.
    const answers = [
      await other.call('GET', `/api/engineer-chat/history?event_id=${event_id}&session_id=${session_id}`),
      await other.call('POST', '/api/engineer-chat/send', { event_id, message: 'x', session_id }),
      await other.call('POST', `${replyUrl}/cancel`),
      await other.call('POST', `${replyUrl}/retry`),
      await other.call('PUT', `${replyUrl}/feedback`, { rating: 'up' }),
      await other.call('POST', `/api/engineer-chat/sessions/${session_id}/share`),
    ]
    for (const answer of answers) t.equal(answer.statusCode, expectedStatus, `${other.user_id}: ${answer.body}`)
  }
  const repeatedSend = { event_id, message: SECRET_TEXT, client_message_id: 'k-1' }
  const othersSend = await others[0]?.call('POST', '/api/engineer-chat/send', repeatedSend)
  t.not(othersSend?.json().session_id, session_id, 'another user may use the same key')
  t.equal(
    (await alice.call('GET', `${eventUrl}/messages`)).json().messages.length,
    2,
    'alice sees only her question and its reply',
  )
})

t.test('[HTTP9] people read a shared session in the room, and agents get nothing of it', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [alice, bob, agent] = [
    await harness.signUp('alice'),
    await harness.signUp('bob'),
    await harness.signUp('captain', 'agent'),
  ]
  const event_id = await harness.createEvent(alice)
  const { session_id } = (
    await alice.call('POST', '/api/engineer-chat/send', { event_id, message: SECRET_TEXT })
  ).json()
  await alice.call('POST', `/api/engineer-chat/sessions/${session_id}/share`)
  t.match((await bob.call('GET', `/api/events/${event_id}/messages`)).body, SECRET_TEXT)
  t.notMatch((await agent.call('GET', `/api/events/${event_id}/messages`)).body, SECRET_TEXT)
  t.equal(
    (await bob.call('GET', `/api/engineer-chat/history?event_id=${event_id}&session_id=${session_id}`)).statusCode,
    404,
    'the history shows only sessions that the caller started',
  )
})
