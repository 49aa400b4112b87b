import t from 'tap'
import { createHarness, type Harness, type TestCaller } from '../harness.ts'
import { isProblem } from '../problems.ts'

const WHO = ['agent', 'stranger', 'observer', 'responder', 'commander', 'admin'] as const
type Who = (typeof WHO)[number]

interface Place {
  people: Record<Who, TestCaller>
  event_id: string
  /** Is a document of the event. */
  document_id: string
}

interface Case {
  route: string
  body?: (place: Place) => object
  /** Statuses in the order of WHO; without a token it is always 401. */
  expect: [number, number, number, number, number, number]
}

const createPost = () => ({ message: 'hello' })
const createAgentPost = () => ({
  message_from: '_captain',
  message_type: 'llm_response',
  message_content: 'x',
  round_id: 1,
})
const createQuestion = ({ event_id }: Place) => ({ event_id, message: 'hi' })
const createDocument = () => ({ title: 'a', kind: 'note', content: 'b', access: 'everybody' })
const createEventFields = () => ({ event_name: 'a', message: 'b', severity: 'low', source: 'c' })

/** A restricted event: a stranger is an engineer who is no member of it. */
const CASES: Case[] = [
  { route: 'GET /api/auth/me', expect: [200, 200, 200, 200, 200, 200] },
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

async function createPlace(harness: Harness): Promise<Place> {
  const people = {
    agent: await harness.signUp('captain', 'agent'),
    stranger: await harness.signUp('mallory'),
    observer: await harness.signUp('olga'),
    responder: await harness.signUp('rita'),
    commander: await harness.signUp('carl'),
    admin: await harness.signUp('root', 'admin'),
  }
  const event_id = await harness.createEvent(people.commander, { access: 'restricted' })
  await harness.putMember(people.commander, event_id, people.observer, 'observer')
  await harness.putMember(people.commander, event_id, people.responder, 'responder')
  const scope = { access: 'event', event_id }
  const created = await people.commander.call('POST', '/api/documents', { ...createDocument(), ...scope })
  return { people, event_id, document_id: created.json().document_id }
}

t.test('[HTTP8] who may do what, route by route; a restricted event is a 404 to strangers', async (t) => {
  const startInPlace = async () => {
    const harness = await createHarness()
    t.teardown(() => harness.close())
    return { harness, place: await createPlace(harness) }
  }
  let { harness, place } = await startInPlace()
  for (const { route, body, expect } of CASES) {
    const [method, path = ''] = route.split(' ') as ['GET', string]
    const url = path
      .replace(':event', place.event_id)
      .replace(':document', place.document_id)
      .replace(':observer', place.people.observer.user_id)
    const payload = body?.(place)
    t.equal(
      (await harness.app.inject({ method, url, ...(payload && { payload }) })).statusCode,
      401,
      `${route}: no token`,
    )
    const found = []
    for (const who of WHO) found.push((await place.people[who].call(method, url, payload)).statusCode)
    t.same(found, expect, `${route} by ${WHO.join(', ')}`)
    if (route.startsWith('POST /api/auth/logout')) ({ harness, place } = await startInPlace()) // All sign-ins have ended.
  }
})

t.test('[HTTP8] the table above has every route that requires a token', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const { paths } = harness.app.swagger() as { paths: Record<string, Record<string, { security?: object[] }>> }
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { security }]) => security === undefined)
      .map(([method]) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, '*')}`),
  )
  const tried = CASES.map(({ route }) => {
    const [path = ''] = route.split('?')
    return path.replace(/:\w+/g, '*').replace(/\/(somebody|nobody|none)(?=\/|$)/g, '/*')
  })
  t.same([...new Set(tried)].sort(), documented.sort())
})

t.test('[HTTP8] everything else is open on purpose', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  for (const url of ['/livez', '/readyz', '/metrics', '/openapi.json', '/asyncapi.json', '/docs/']) {
    t.equal((await harness.app.inject(url)).statusCode, 200, url)
  }
})

t.test('[HTTP8] a removed member may not even retry', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const { people, event_id } = await createPlace(harness)
  const { responder, commander } = people
  const key = { 'idempotency-key': 'k' }
  const body = { event_id, message: 'hi' }
  const sent = (await responder.call('POST', '/api/engineer-chat/send', body, key)).json()
  await commander.call('DELETE', `/api/events/${event_id}/members/${responder.user_id}`)
  const reply = `/api/engineer-chat/messages/${sent.ai_message.message_id}`
  for (const verb of ['cancel', 'retry']) t.equal((await responder.call('POST', `${reply}/${verb}`)).statusCode, 404)
  t.equal((await responder.call('PUT', `${reply}/feedback`, { rating: 'up' })).statusCode, 404)
  t.equal((await responder.call('POST', `/api/engineer-chat/sessions/${sent.session_id}/share`)).statusCode, 404)
  t.equal((await responder.call('POST', '/api/engineer-chat/send', body, key)).statusCode, 404)
})

t.test('[EVENT7] the last commander stays, but by an admin’s hand', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [admin, alice, bob] = [
    await harness.signUp('root', 'admin'),
    await harness.signUp('alice'),
    await harness.signUp('bob'),
  ]
  const event_id = await harness.createEvent(alice, { access: 'restricted' })
  const self = `/api/events/${event_id}/members/${alice.user_id}`
  isProblem(t, await alice.call('DELETE', self), 409, 'last_commander')
  isProblem(t, await alice.call('PUT', self, { role: 'observer' }), 409, 'last_commander')
  await harness.putMember(alice, event_id, bob, 'commander')
  t.equal((await alice.call('DELETE', self)).statusCode, 204)
  const his = `/api/events/${event_id}/members/${bob.user_id}`
  isProblem(t, await bob.call('DELETE', his), 409, 'last_commander')
  t.equal((await admin.call('DELETE', his)).statusCode, 204)
})

t.test('[EVENT8] an id that is in use is refused in the same way to members and to others', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [alice, bob] = [await harness.signUp('alice'), await harness.signUp('bob')]
  const event_id = 'evt-2026-01'
  const secret = { event_id, event_name: 'Insider', access: 'restricted' }
  await harness.createEvent(alice, secret)
  const again = { ...createEventFields(), event_id }
  const [hers, his] = [await alice.call('POST', '/api/events', again), await bob.call('POST', '/api/events', again)]
  isProblem(t, his, 409, 'event_exists')
  t.same({ ...his.json(), request_id: '' }, { ...hers.json(), request_id: '' })
  t.notMatch(his.body, /Insider|restricted/)
  isProblem(t, await bob.call('GET', `/api/events/${event_id}`), 404, 'event_not_found')
})
