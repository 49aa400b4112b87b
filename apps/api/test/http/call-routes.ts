import {
  ChatHistory,
  ChatSession,
  ChatStatus,
  Event,
  EventMember,
  EventSummary,
  ListedEvent,
  Message,
  MessagePage,
  Person,
  SendResult,
  StoredFeedback,
  User,
} from '@engineer-chat/protocol'
import type { LightMyRequestResponse as Response } from 'fastify'
import type { Test } from 'tap'
import { type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { Paginated } from '../../src/http/paginated.ts'
import type { Harness } from '../harness.ts'
import { checkProblem } from '../problems.ts'

/**
 * Calls the routes that the work on an incident needs, in the usual order, and checks the responses against the
 * schemas. The stores may be in memory or in MySQL.
 */
export async function callRoutesOfIncident(t: Test, harness: Harness): Promise<void> {
  const checkBody = <T extends TSchema>(response: Response, status: number, schema: T) => {
    t.equal(response.statusCode, status, response.body.slice(0, 300))
    const body = response.json()
    t.ok(Value.Check(schema, body), `matches the schema of its route: ${response.body.slice(0, 300)}`)
    return body as Type.Static<T>
  }
  const checkEmpty = (response: Response) => t.match([response.statusCode, response.body], [204, ''])

  const admin = await harness.signUp('root', 'admin')
  const alice = await harness.signUp('alice')
  const agent = await harness.signUp('captain', 'agent')
  const newcomer = { username: 'bob', password: 'a long enough sentence', role: 'engineer' }
  const bob = checkBody(await admin.call('POST', '/api/users', newcomer), 201, User)
  checkBody(await admin.call('PATCH', `/api/users/${bob.user_id}`, { active: false }), 200, User)
  t.equal(checkBody(await admin.call('GET', '/api/users?limit=2'), 200, Paginated(User)).items.length, 2)
  checkProblem(t, await admin.call('POST', '/api/users', newcomer), 409, 'username_taken')
  const adminUrl = `/api/users/${admin.user_id}`
  checkProblem(t, await admin.call('PATCH', adminUrl, { role: 'engineer' }), 409, 'last_admin')
  checkProblem(t, await admin.call('PATCH', '/api/users/nobody', { active: true }), 404, 'user_not_found')

  const newEvent = {
    event_name: 'Phish',
    message: 'A mail',
    severity: 'high',
    source: 'gateway',
    seq: 99, // The server ignores this field.
    access: 'restricted',
  }
  const event = checkBody(await alice.call('POST', '/api/events', newEvent), 201, Event)
  t.match(event, { seq: 0, event_status: 'pending', created_by: alice.user_id, access: 'restricted', context: '' })
  const { event_id } = event
  checkProblem(t, await alice.call('POST', '/api/events', { ...newEvent, event_id }), 409, 'event_exists')
  const eventUrl = `/api/events/${event_id}`
  const changed = checkBody(
    await agent.call('PATCH', eventUrl, { event_status: 'processing', seq: 77, created_by: 'x' }),
    200,
    Event,
  )
  t.match(
    changed,
    { event_status: 'processing', seq: 1, created_by: alice.user_id },
    'the server ignores `seq` and `created_by` of the request',
  )
  t.match(
    checkBody(await alice.call('PATCH', eventUrl, {}), 200, Event),
    { seq: 1 },
    'a request without a change uses no sequence number',
  )
  t.same(checkBody(await alice.call('GET', eventUrl), 200, Event), changed)
  t.match(checkBody(await alice.call('GET', '/api/events'), 200, Paginated(ListedEvent)).items, [
    { ...changed, unread: 0 },
  ])

  const memberUrl = `${eventUrl}/members/${bob.user_id}`
  t.match(checkBody(await alice.call('PUT', memberUrl, { role: 'observer' }), 200, EventMember), {
    role: 'observer',
    username: 'bob',
  })
  // Alice is a member, because she created the event.
  t.equal(checkBody(await alice.call('GET', `${eventUrl}/members`), 200, Paginated(EventMember)).items.length, 2)
  checkEmpty(await alice.call('DELETE', memberUrl))
  checkProblem(t, await alice.call('DELETE', memberUrl), 404, 'member_not_found')
  const people = checkBody(await alice.call('GET', `${eventUrl}/people`), 200, Paginated(Person)).items
  const mayEnter = (user: { user_id: string }) => people.find(({ user_id }) => user_id === user.user_id)?.may_enter
  t.same([mayEnter(alice), mayEnter(bob)], [true, false])
  t.notOk(people.some(({ role }) => role === 'agent'))
  checkProblem(t, await alice.call('PUT', `${eventUrl}/members/nobody`, { role: 'observer' }), 404, 'user_not_found')

  const newSummary = { round_id: 1, event_summary: 'Contained', event_suggestion: 'Reset passwords' }
  const summary = checkBody(await agent.call('POST', `${eventUrl}/summaries`, newSummary), 201, EventSummary)
  t.same(checkBody(await alice.call('GET', `${eventUrl}/summaries`), 200, Paginated(EventSummary)).items, [summary])

  const content = { tasks: ['isolate'], note: 'a\0b\ud800' }
  const agentPost = { message_from: '_captain', message_type: 'llm_response', message_content: content, round_id: 1 }
  const fromAgent = checkBody(await agent.call('POST', `${eventUrl}/messages`, agentPost), 201, Message)
  t.match(fromAgent, { message_category: 'agent', sender_type: null, chat_session_id: null, round_id: 1 })
  t.match(
    fromAgent.message_content,
    { content: /^tasks:\n {2}- isolate/, note: 'a\ufffdb\ufffd' },
    'invalid characters of an agent’s message are replaced',
  )
  const post = { message: ' hello ', client_message_id: 'hello-1' }
  const plain = checkBody(await alice.call('POST', `${eventUrl}/messages`, post), 201, Message)
  t.same(
    checkBody(await alice.call('POST', `${eventUrl}/messages`, post), 201, Message),
    plain,
    'a post is stored once, even if it is sent several times',
  )
  t.match(plain, { message_category: 'room', message_from: alice.user_id, message_content: { content: 'hello' } })

  const statusUrl = `/api/engineer-chat/status?event_id=${event_id}`
  const emptyStatus = {
    session_id: null,
    rounds: 0,
    max_rounds: 10,
    can_chat: true,
    pending_replies: 0,
    event_summary: summary,
  }
  t.match(checkBody(await alice.call('GET', statusUrl), 200, ChatStatus), emptyStatus)
  const historyUrl = `/api/engineer-chat/history?event_id=${event_id}`
  const emptyHistory = checkBody(await alice.call('GET', historyUrl), 200, ChatHistory)
  t.match(emptyHistory, { session_id: null, has_more: false })
  t.same(emptyHistory.messages, [])

  const question = { event_id, message: '@AI what first?', client_message_id: 'q-1' }
  const sendUrl = '/api/engineer-chat/send'
  const sent = checkBody(await alice.call('POST', sendUrl, question), 200, SendResult)
  t.match(sent, { round: 1, max_rounds: 10, summary_updated: false, ai_message: { message_type: 'thinking' } })
  const { session_id, ai_message: reply } = sent
  t.match(checkBody(await alice.call('GET', statusUrl), 200, ChatStatus), { session_id, rounds: 1, pending_replies: 1 })
  t.equal(checkBody(await alice.call('GET', historyUrl), 200, ChatHistory).messages.length, 2)
  t.equal(
    checkBody(await alice.call('GET', `${historyUrl}&session_id=${session_id}&limit=1`), 200, ChatHistory).has_more,
    true,
  )
  checkProblem(t, await alice.call('GET', `${historyUrl}&session_id=chat_00000000_00000000`), 404, 'session_not_found')

  const replyUrl = `/api/engineer-chat/messages/${reply.message_id}`
  const cancelled = checkBody(await alice.call('POST', `${replyUrl}/cancel`), 200, Message)
  t.match(cancelled, { message_type: 'chat', message_content: { finish_reason: 'cancelled' } })
  t.same(
    checkBody(await alice.call('POST', `${replyUrl}/cancel`), 200, Message),
    cancelled,
    'a finished reply is returned unchanged',
  )
  const feedback = { rating: 'down', comment: 'too short' }
  t.match(checkBody(await alice.call('PUT', `${replyUrl}/feedback`, feedback), 200, StoredFeedback), feedback)
  t.match(checkBody(await alice.call('POST', `${replyUrl}/retry`), 200, Message), {
    message_type: 'thinking',
    position: reply.position,
  })
  checkProblem(t, await alice.call('POST', '/api/engineer-chat/messages/none/retry'), 404, 'message_not_found')

  const shareUrl = `/api/engineer-chat/sessions/${session_id}/share`
  t.match(checkBody(await alice.call('POST', shareUrl), 200, ChatSession), { session_id, visibility: 'room' })
  const newSession = checkBody(
    await alice.call('POST', '/api/engineer-chat/new-session', { event_id }),
    201,
    ChatSession,
  )
  t.match(newSession, { active: true, visibility: 'private', rounds: 0 })
  const sessions = checkBody(
    await alice.call('GET', `/api/engineer-chat/sessions?event_id=${event_id}`),
    200,
    Paginated(ChatSession),
  )
  // A user has one active session of each visibility. The newest session comes first.
  t.same(
    sessions.items.map((session) => [session.session_id, session.active]),
    [
      [newSession.session_id, true],
      [session_id, true],
    ],
  )
  const models = Paginated(Type.Object({ id: Type.String(), provider: Type.String(), default: Type.Boolean() }))
  checkBody(await alice.call('GET', '/api/engineer-chat/models'), 200, models)

  const page = checkBody(await alice.call('GET', `${eventUrl}/messages?limit=3`), 200, MessagePage)
  t.same(
    page.messages.map(({ position }) => position),
    page.messages.map(({ position }) => position).sort((a, b) => a - b),
    'the messages are in the order of their positions',
  )
  const oldestPosition = page.messages[0]?.position ?? 0
  const older = checkBody(await alice.call('GET', `${eventUrl}/messages?before=${oldestPosition}`), 200, MessagePage)
  // `has_more` says that older messages exist. The room has four: three are in the first page, and one is older.
  t.match([page.has_more, older.has_more, older.messages.length], [true, false, 1])
  checkEmpty(await alice.call('PUT', `${eventUrl}/read`, { position: page.messages[2]?.position }))

  checkProblem(t, await alice.call('POST', sendUrl, { ...question, message: 'another' }), 422, 'idempotency_mismatch')
  const repeated = checkBody(await alice.call('POST', sendUrl, question), 200, SendResult)
  t.match(repeated, { session_id, round: 1, user_message: { message_id: sent.user_message.message_id } })
  checkProblem(t, await alice.call('POST', sendUrl, { event_id, message: 'x', model: 'unknown' }), 400, 'model_unknown')
  const mismatch = { event_id, message: 'x', session_id, visibility: 'private' }
  checkProblem(t, await alice.call('POST', sendUrl, mismatch), 409, 'session_visibility_mismatch')
  checkEmpty(await alice.call('POST', '/api/auth/logout'))
}
