import t from 'tap'
import { createHarness, type Harness, type TestCaller } from '../harness.ts'
import { checkProblem } from '../problems.ts'

const CALLERS = ['agent', 'stranger', 'observer', 'responder', 'commander', 'admin'] as const
type CallerKind = (typeof CALLERS)[number]

interface AccessFixture {
  callers: Record<CallerKind, TestCaller>
  event_id: string
  /** Identifies a document of the event. */
  document_id: string
}

interface Case {
  route: string
  body?: (fixture: AccessFixture) => object
  /** Lists the expected statuses in the order of CALLERS. Without a token the status is always 401. */
  expect: [number, number, number, number, number, number]
}

const createPost = () => ({ message: 'hello' })
const createAgentPost = () => ({
  message_from: '_captain',
  message_type: 'llm_response',
  message_content: 'x',
  round_id: 1,
})
const createQuestion = ({ event_id }: AccessFixture) => ({ event_id, message: 'hi' })
const createDocument = () => ({ title: 'a', kind: 'note', content: 'b', access: 'everybody' })
const createEventFields = () => ({ event_name: 'a', message: 'b', severity: 'low', source: 'c' })

/**
 * All cases use the restricted event of the fixture. The stranger is an engineer who is not a member of it. The ids
 * `somebody`, `nobody` and `none` do not exist, so callers with the necessary rights get 404.
 */
const CASES: Case[] = [
  { route: 'GET /api/auth/me', expect: [200, 200, 200, 200, 200, 200] },
  // The body is empty, so every caller who may use the route gets 400.
  { route: 'POST /api/auth/password', body: () => ({}), expect: [400, 400, 400, 400, 400, 400] },
  { route: 'POST /api/auth/ws-ticket', expect: [200, 200, 200, 200, 200, 200] },
  { route: 'GET /api/users', expect: [403, 403, 403, 403, 403, 200] },
  {
    route: 'POST /api/users',
    body: () => ({ username: 'somebody', password: 'long enough', role: 'engineer' }),
    expect: [403, 403, 403, 403, 403, 201],
  },
  { route: 'PATCH /api/users/somebody', body: () => ({ active: true }), expect: [403, 403, 403, 403, 403, 404] },
  { route: 'GET /api/events', expect: [200, 200, 200, 200, 200, 200] },
  { route: 'POST /api/events', body: createEventFields, expect: [201, 201, 201, 201, 201, 201] },
  { route: 'GET /api/events/:event', expect: [200, 404, 200, 200, 200, 200] },
  { route: 'PATCH /api/events/:event', body: () => ({ severity: 'low' }), expect: [200, 404, 403, 200, 200, 200] },
  { route: 'PATCH /api/events/:event', body: () => ({ access: 'restricted' }), expect: [403, 404, 403, 403, 200, 200] },
  // The event is TLP:AMBER at first. Lowering its label requires the right to manage it. Raising the label requires only
  // the right to change the event.
  { route: 'PATCH /api/events/:event', body: () => ({ tlp: 'green' }), expect: [403, 404, 403, 403, 200, 200] },
  { route: 'PATCH /api/events/:event', body: () => ({ tlp: 'red' }), expect: [200, 404, 403, 200, 200, 200] },
  { route: 'GET /api/events/:event/people', expect: [403, 404, 200, 200, 200, 200] },
  { route: 'GET /api/events/:event/members', expect: [403, 404, 200, 200, 200, 200] },
  {
    route: 'PUT /api/events/:event/members/:observer',
    body: () => ({ role: 'observer' }),
    expect: [403, 404, 403, 403, 200, 200],
  },
  { route: 'DELETE /api/events/:event/members/nobody', expect: [403, 404, 403, 403, 404, 404] },
  { route: 'GET /api/events/:event/summaries', expect: [200, 404, 200, 200, 200, 200] },
  {
    route: 'POST /api/events/:event/summaries',
    body: () => ({ round_id: 1, event_summary: 'x' }),
    expect: [201, 404, 403, 403, 403, 201],
  },
  { route: 'GET /api/events/:event/messages', expect: [200, 404, 200, 200, 200, 200] },
  { route: 'POST /api/events/:event/messages', body: createPost, expect: [403, 404, 403, 201, 201, 201] },
  { route: 'POST /api/events/:event/messages', body: createAgentPost, expect: [201, 404, 403, 403, 403, 201] },
  { route: 'PUT /api/events/:event/read', body: () => ({ position: 0 }), expect: [204, 404, 204, 204, 204, 204] },
  {
    route: 'PUT /api/events/:event/notifications',
    body: () => ({ muted: true }),
    expect: [403, 404, 204, 204, 204, 204],
  },
  { route: 'GET /api/events/:event/pins', expect: [200, 404, 200, 200, 200, 200] },
  { route: 'GET /api/events/:event/export?format=json', expect: [200, 404, 200, 200, 200, 200] },
  { route: 'GET /api/events/:event/search?q=hello', expect: [200, 404, 200, 200, 200, 200] },
  { route: 'GET /api/events/:event/indicators', expect: [200, 404, 200, 200, 200, 200] },
  { route: 'GET /api/events/:event/similar', expect: [200, 404, 200, 200, 200, 200] },
  { route: 'GET /api/indicators?q=evil', expect: [200, 200, 200, 200, 200, 200] },
  { route: 'GET /api/documents', expect: [403, 200, 200, 200, 200, 200] },
  { route: 'GET /api/documents?event_id=:event', expect: [403, 404, 200, 200, 200, 200] },
  { route: 'GET /api/documents/search?q=isolate', expect: [403, 200, 200, 200, 200, 200] },
  { route: 'GET /api/documents/search?q=isolate&event_id=:event', expect: [403, 404, 200, 200, 200, 200] },
  { route: 'GET /api/documents/none', expect: [403, 404, 404, 404, 404, 404] },
  { route: 'GET /api/documents/none/versions', expect: [403, 404, 404, 404, 404, 404] },
  { route: 'GET /api/documents/:document', expect: [403, 404, 200, 200, 200, 200] },
  { route: 'POST /api/documents', body: createDocument, expect: [403, 201, 201, 201, 201, 201] },
  {
    route: 'POST /api/documents',
    body: ({ event_id }) => ({ ...createDocument(), access: 'event', event_id }),
    expect: [403, 404, 403, 201, 201, 201],
  },
  // The document does not have this version, so callers who may change it get 409.
  {
    route: 'PUT /api/documents/:document',
    body: () => ({ title: 'a', content: 'b', version: 1_000 }),
    expect: [403, 404, 403, 409, 409, 409],
  },
  { route: 'DELETE /api/documents/none', expect: [403, 404, 404, 404, 404, 404] },
  { route: 'PUT /api/events/:event/pins/none', expect: [403, 404, 403, 404, 404, 404] },
  { route: 'DELETE /api/events/:event/pins/none', expect: [403, 404, 403, 404, 404, 404] },
  { route: 'POST /api/engineer-chat/send', body: createQuestion, expect: [403, 404, 403, 200, 200, 200] },
  { route: 'GET /api/engineer-chat/history?event_id=:event', expect: [403, 404, 200, 200, 200, 200] },
  { route: 'GET /api/engineer-chat/status?event_id=:event', expect: [403, 404, 200, 200, 200, 200] },
  { route: 'GET /api/engineer-chat/sessions?event_id=:event', expect: [403, 404, 200, 200, 200, 200] },
  { route: 'POST /api/engineer-chat/new-session', body: createQuestion, expect: [403, 404, 403, 201, 201, 201] },
  { route: 'GET /api/engineer-chat/models', expect: [403, 200, 200, 200, 200, 200] },
  { route: 'GET /api/engineer-chat/voice', expect: [403, 200, 200, 200, 200, 200] },
  // The harness has no voice endpoint, so people get 501.
  { route: 'POST /api/engineer-chat/transcriptions', expect: [403, 501, 501, 501, 501, 501] },
  { route: 'POST /api/engineer-chat/speech', body: () => ({ text: 'x' }), expect: [403, 501, 501, 501, 501, 501] },
  { route: 'POST /api/engineer-chat/messages/none/cancel', expect: [403, 404, 404, 404, 404, 404] },
  { route: 'POST /api/engineer-chat/messages/none/retry', expect: [403, 404, 404, 404, 404, 404] },
  {
    route: 'PUT /api/engineer-chat/messages/none/feedback',
    body: () => ({ rating: 'up' }),
    expect: [403, 404, 404, 404, 404, 404],
  },
  { route: 'POST /api/engineer-chat/sessions/none/share', expect: [403, 404, 404, 404, 404, 404] },
  { route: 'POST /api/engineer-chat/preview', body: createQuestion, expect: [403, 404, 403, 200, 200, 200] },
  { route: 'GET /api/admin/flagged-replies', expect: [403, 403, 403, 403, 403, 200] },
  { route: 'GET /api/admin/models', expect: [403, 403, 403, 403, 403, 200] },
  {
    route: 'PUT /api/admin/flagged-replies/none/verdict',
    body: () => ({ verdict: 'harmless' }),
    expect: [403, 403, 403, 403, 403, 404],
  },
  { route: 'GET /api/admin/legal-holds', expect: [403, 403, 403, 403, 403, 200] },
  { route: 'PUT /api/admin/legal-holds/:event', expect: [403, 403, 403, 403, 403, 204] },
  { route: 'DELETE /api/admin/legal-holds/:event', expect: [403, 403, 403, 403, 403, 204] },
  { route: 'GET /api/admin/audit', expect: [403, 403, 403, 403, 403, 200] },
  { route: 'GET /api/admin/audit/export', expect: [403, 403, 403, 403, 403, 200] },
  { route: 'GET /api/admin/analytics', expect: [403, 403, 403, 403, 403, 200] },
  { route: 'POST /admin/queues/session', expect: [403, 403, 403, 403, 403, 204] },
  { route: 'POST /api/auth/logout-everywhere', expect: [204, 204, 204, 204, 204, 204] },
  { route: 'POST /api/auth/logout', expect: [204, 204, 204, 204, 204, 204] },
]

async function createAccessFixture(harness: Harness): Promise<AccessFixture> {
  const callers = {
    agent: await harness.signUp('captain', 'agent'),
    stranger: await harness.signUp('mallory'),
    observer: await harness.signUp('olga'),
    responder: await harness.signUp('rita'),
    commander: await harness.signUp('carl'),
    admin: await harness.signUp('root', 'admin'),
  }
  const event_id = await harness.createEvent(callers.commander, { access: 'restricted' })
  await harness.putMember(callers.commander, event_id, callers.observer, 'observer')
  await harness.putMember(callers.commander, event_id, callers.responder, 'responder')
  const scope = { access: 'event', event_id }
  const created = await callers.commander.call('POST', '/api/documents', { ...createDocument(), ...scope })
  return { callers, event_id, document_id: created.json().document_id }
}

t.test(
  '[HTTP8] each route responds to each kind of caller as the table lists; strangers get 404 for a restricted event',
  async (t) => {
    const startWithFixture = async () => {
      const harness = await createHarness()
      t.teardown(() => harness.close())
      return { harness, fixture: await createAccessFixture(harness) }
    }
    let { harness, fixture } = await startWithFixture()
    for (const { route, body, expect } of CASES) {
      const [method, path = ''] = route.split(' ') as ['GET', string]
      const url = path
        .replace(':event', fixture.event_id)
        .replace(':document', fixture.document_id)
        .replace(':observer', fixture.callers.observer.user_id)
      const payload = body?.(fixture)
      t.equal(
        (await harness.app.inject({ method, url, ...(payload && { payload }) })).statusCode,
        401,
        `${route}: no token`,
      )
      const statuses = []
      for (const caller of CALLERS) statuses.push((await fixture.callers[caller].call(method, url, payload)).statusCode)
      t.same(statuses, expect, `${route} by ${CALLERS.join(', ')}`)
      // A sign-out has ended the sign-ins of all callers.
      if (route.startsWith('POST /api/auth/logout')) ({ harness, fixture } = await startWithFixture())
    }
  },
)

t.test('[HTTP8] the table above has every route that requires a token', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const { paths } = harness.app.swagger() as { paths: Record<string, Record<string, { security?: object[] }>> }
  const documentedRoutes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      // Only routes without a token have their own `security`, which is empty.
      .filter(([, { security }]) => security === undefined)
      .map(([method]) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, '*')}`),
  )
  const testedRoutes = CASES.map(({ route }) => {
    const [routeWithoutQuery = ''] = route.split('?')
    // The table has `:event` or an id that does not exist where the document has a parameter.
    return routeWithoutQuery.replace(/:\w+/g, '*').replace(/\/(somebody|nobody|none)(?=\/|$)/g, '/*')
  })
  t.same([...new Set(testedRoutes)].sort(), documentedRoutes.sort())
})

t.test('[HTTP8] health, metrics and the descriptions of the API can be read without a token', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  for (const url of ['/livez', '/readyz', '/metrics', '/openapi.json', '/asyncapi.json', '/docs/']) {
    t.equal((await harness.app.inject(url)).statusCode, 200, url)
  }
})

t.test(
  '[HTTP8] after a member is removed from an event, they may not use their replies and their session there',
  async (t) => {
    const harness = await createHarness()
    t.teardown(() => harness.close())
    const { callers, event_id } = await createAccessFixture(harness)
    const { responder, commander } = callers
    const key = { 'idempotency-key': 'k' }
    const body = { event_id, message: 'hi' }
    const sent = (await responder.call('POST', '/api/engineer-chat/send', body, key)).json()
    await commander.call('DELETE', `/api/events/${event_id}/members/${responder.user_id}`)
    const replyUrl = `/api/engineer-chat/messages/${sent.ai_message.message_id}`
    for (const action of ['cancel', 'retry'])
      t.equal((await responder.call('POST', `${replyUrl}/${action}`)).statusCode, 404)
    t.equal((await responder.call('PUT', `${replyUrl}/feedback`, { rating: 'up' })).statusCode, 404)
    t.equal((await responder.call('POST', `/api/engineer-chat/sessions/${sent.session_id}/share`)).statusCode, 404)
    t.equal(
      (await responder.call('POST', '/api/engineer-chat/send', body, key)).statusCode,
      404,
      'the repeated question does not get the stored reply',
    )
  },
)

t.test('[EVENT7] only an admin can remove the last commander of an event', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [admin, alice, bob] = [
    await harness.signUp('root', 'admin'),
    await harness.signUp('alice'),
    await harness.signUp('bob'),
  ]
  const event_id = await harness.createEvent(alice, { access: 'restricted' })
  const alicesMembership = `/api/events/${event_id}/members/${alice.user_id}`
  checkProblem(t, await alice.call('DELETE', alicesMembership), 409, 'last_commander')
  checkProblem(t, await alice.call('PUT', alicesMembership, { role: 'observer' }), 409, 'last_commander')
  await harness.putMember(alice, event_id, bob, 'commander')
  t.equal((await alice.call('DELETE', alicesMembership)).statusCode, 204)
  const bobsMembership = `/api/events/${event_id}/members/${bob.user_id}`
  checkProblem(t, await bob.call('DELETE', bobsMembership), 409, 'last_commander')
  t.equal((await admin.call('DELETE', bobsMembership)).statusCode, 204)
})

t.test(
  '[EVENT8] an event id that is already in use is refused with the same response for members and others',
  async (t) => {
    const harness = await createHarness()
    t.teardown(() => harness.close())
    const [alice, bob] = [await harness.signUp('alice'), await harness.signUp('bob')]
    const event_id = 'evt-2026-01'
    const secret = { event_id, event_name: 'Insider', access: 'restricted' }
    await harness.createEvent(alice, secret)
    const sameEvent = { ...createEventFields(), event_id }
    const [alicesResponse, bobsResponse] = [
      await alice.call('POST', '/api/events', sameEvent),
      await bob.call('POST', '/api/events', sameEvent),
    ]
    checkProblem(t, bobsResponse, 409, 'event_exists')
    t.same({ ...bobsResponse.json(), request_id: '' }, { ...alicesResponse.json(), request_id: '' })
    t.notMatch(bobsResponse.body, /Insider|restricted/)
    checkProblem(t, await bob.call('GET', `/api/events/${event_id}`), 404, 'event_not_found')
  },
)
