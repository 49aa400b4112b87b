import type { Message } from '@engineer-chat/protocol'
import t from 'tap'
import { createHarness, type Harness, type TestCaller } from '../harness.ts'
import { checkProblem } from '../problems.ts'

const createDeepValue = (levels: number): unknown => (levels === 0 ? 'x' : { a: createDeepValue(levels - 1) })
const sendRaw = (
  caller: TestCaller,
  harness: Harness,
  url: string,
  payload: string | Buffer,
  type = 'application/json',
) =>
  harness.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { authorization: `Bearer ${caller.token}`, 'content-type': type },
  })

t.test('[HTTP2] bad input is answered with a problem document, and nothing is stored', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const agent = await harness.signUp('captain', 'agent')
  const event_id = await harness.createEvent(alice)
  const sendUrl = '/api/engineer-chat/send'
  const roomUrl = `/api/events/${event_id}/messages`
  const createAgentPost = (message_content: unknown) => ({
    message_from: '_captain',
    message_type: 'llm_request',
    message_content,
  })

  const texts: Array<[string, unknown]> = [
    ['an empty text', ''],
    ['nothing but spaces', ' \n\t '],
    ['8,001 characters', 'x'.repeat(8_001)],
    ['8,001 characters beyond the BMP', '😀'.repeat(8_001)],
    ['a null byte', 'a\0b'],
    ['a lone high surrogate', 'a\ud800b'],
    ['a lone low surrogate', 'a\udc00b'],
    ['a number', 5],
    ['a boolean', true],
    ['null', null],
    ['a list', ['hi']],
    ['nesting over the limit', createDeepValue(33)],
  ]
  for (const [what, message] of texts) {
    checkProblem(t, await alice.call('POST', sendUrl, { event_id, message }), 400, 'validation_failed', `send: ${what}`)
    checkProblem(t, await alice.call('POST', roomUrl, { message }), 400, 'validation_failed', `post: ${what}`)
  }

  const bodies: Array<[string, Record<string, unknown>]> = [
    ['no message', {}],
    ['an id that is a number', { message: 'hi', event_id: 7 }],
    ['an id with a space', { message: 'hi', event_id: `${event_id} ` }],
    ['a key with a null byte', { message: 'hi', client_message_id: 'a\0' }],
    ['an unknown visibility', { message: 'hi', visibility: 'public' }],
    ['a session id that is an object', { message: 'hi', session_id: {} }],
    ['nesting over the limit in another field', { message: 'hi', more: createDeepValue(33) }],
    ['1,500 levels of nesting', { message: 'hi', more: createDeepValue(1_500) }],
  ]
  for (const [what, fields] of bodies) {
    checkProblem(
      t,
      await alice.call('POST', sendUrl, { event_id, ...fields }),
      400,
      'validation_failed',
      `send: ${what}`,
    )
  }
  checkProblem(t, await alice.call('POST', sendUrl, { message: 'hi' }), 400, 'validation_failed', 'send: no event')
  checkProblem(
    t,
    await alice.call('POST', sendUrl, [{ event_id, message: 'hi' }]),
    400,
    'validation_failed',
    'send: a list',
  )
  checkProblem(
    t,
    await agent.call('POST', roomUrl, createAgentPost(createDeepValue(33))),
    400,
    'validation_failed',
    'agent: nesting over the limit',
  )
  checkProblem(t, await agent.call('POST', roomUrl, createAgentPost(5)), 400, 'validation_failed', 'agent: a number')
  const unknownAgentPost = { ...createAgentPost('x'), message_from: '_nobody' }
  checkProblem(
    t,
    await agent.call('POST', roomUrl, unknownAgentPost),
    400,
    'validation_failed',
    'agent: an unknown name',
  )
  checkProblem(
    t,
    await agent.call('POST', roomUrl, { ...unknownAgentPost, message: 'hi' }),
    400,
    'validation_failed',
    'agent: the fields of an agent’s and of a person’s message',
  )

  for (const url of [sendUrl, roomUrl]) {
    const body = JSON.stringify({ event_id, message: 'hi' })
    checkProblem(t, await sendRaw(alice, harness, url, body.slice(0, -4)), 400, 'validation_failed', 'broken JSON')
    checkProblem(t, await sendRaw(alice, harness, url, ''), 400, 'validation_failed', 'no body')
    checkProblem(t, await sendRaw(alice, harness, url, 'null'), 400, 'validation_failed', 'null')
    checkProblem(t, await sendRaw(alice, harness, url, '"text"'), 400, 'validation_failed', 'a text')
    checkProblem(t, await sendRaw(alice, harness, url, '['.repeat(100_000)), 400, 'validation_failed', 'open brackets')
    // These are a byte that UTF-8 never has, a surrogate, and a character without its last byte.
    for (const bytes of [[0xff], [0xed, 0xa0, 0x80], [0xe4, 0xb8]]) {
      const [head = '', tail = ''] = body.split('hi')
      const broken = Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from(tail)])
      checkProblem(t, await sendRaw(alice, harness, url, broken), 400, 'validation_failed', `invalid UTF-8: ${bytes}`)
    }
    const deepJson = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
    checkProblem(t, await sendRaw(alice, harness, url, deepJson), 400, 'validation_failed', '50,000 levels of nesting')
    const prototypePollutions = ['{"__proto__":{"message":"hi"}}', '{"constructor":{"prototype":{"message":"hi"}}}']
    for (const json of prototypePollutions)
      checkProblem(t, await sendRaw(alice, harness, url, json), 400, 'validation_failed', json)
    const large = JSON.stringify({ event_id, message: 'x'.repeat(1_000_000) })
    checkProblem(t, await sendRaw(alice, harness, url, large), 413, 'payload_too_large', '1 MB')
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'image/png',
    ]) {
      checkProblem(t, await sendRaw(alice, harness, url, body, type), 415, 'unsupported_media_type', type)
    }
  }
  const event = (await alice.call('GET', `/api/events/${event_id}`)).json()
  const page = (await alice.call('GET', roomUrl)).json()
  t.same({ seq: event.seq, messages: page.messages }, { seq: 0, messages: [] }, 'nothing was stored')
  t.same((await alice.call('GET', `/api/engineer-chat/sessions?event_id=${event_id}`)).json().items, [])
})

t.test('[HTTP2] input at the limits is stored unchanged, except for spaces around it', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice)
  const messages = ['x'.repeat(8_000), '😀'.repeat(8_000), '  @AI 我们应该先遏制什么？\n']
  for (const message of messages) {
    const response = await alice.call('POST', '/api/engineer-chat/send', { event_id, message })
    t.equal(response.statusCode, 200, response.body.slice(0, 200))
    const stored: Message = response.json().user_message
    t.equal(stored.message_content.content, message.trim())
  }
})

t.test('[HTTP2] the other routes that take input also refuse invalid input', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const admin = await harness.signUp('root', 'admin')
  const event_id = await harness.createEvent(alice)
  const event = { event_name: 'a', message: 'b', severity: 'low', source: 'c' }
  const fromAgent = { message_from: '_captain', message_type: 'llm_response', message_content: 'x' }
  const cases: Array<[TestCaller, 'GET' | 'POST' | 'PUT' | 'PATCH', string, unknown]> = [
    [alice, 'POST', '/api/events', { ...event, event_name: 'a\0' }],
    [alice, 'POST', '/api/events', { ...event, event_name: ' \u3000' }],
    [alice, 'POST', '/api/events', { ...event, context: '\ud800' }],
    [alice, 'POST', '/api/events', { ...event, severity: 'terrible' }],
    [alice, 'POST', '/api/events', { ...event, event_id: 'a b' }],
    [alice, 'POST', '/api/events', { ...event, message: 'x'.repeat(65_537) }],
    [alice, 'PATCH', `/api/events/${event_id}`, { event_status: 'asleep' }],
    [alice, 'PATCH', `/api/events/${event_id}`, { event_name: '\udfff' }],
    [alice, 'PUT', `/api/events/${event_id}/read`, { position: -1 }],
    [alice, 'PUT', `/api/events/${event_id}/read`, { position: 1e300 }],
    [alice, 'GET', `/api/events/${event_id}/messages?before=99999999999999999999`, undefined],
    [admin, 'POST', `/api/events/${event_id}/summaries`, { round_id: 2 ** 31, event_summary: 'x' }],
    [admin, 'POST', `/api/events/${event_id}/messages`, { ...fromAgent, round_id: 1e300 }],
    [admin, 'POST', `/api/events/${event_id}/messages`, { ...fromAgent, message_type: 'With Space' }],
    [alice, 'PUT', `/api/events/${event_id}/read`, { position: '1' }],
    [alice, 'PUT', `/api/events/${event_id}/members/${alice.user_id}`, { role: 'king' }],
    [alice, 'GET', `/api/events/${event_id}/messages?limit=0`, undefined],
    [alice, 'GET', `/api/events/${event_id}/messages?limit=101`, undefined],
    [alice, 'GET', `/api/events/${event_id}/messages?limit=ten`, undefined],
    [alice, 'GET', `/api/events/${event_id}/messages?before=0`, undefined],
    [alice, 'GET', `/api/events/${event_id}/messages?before=true`, undefined],
    [alice, 'GET', '/api/events?limit=1.5', undefined],
    [alice, 'GET', '/api/events?limit=1e1', undefined],
    [alice, 'GET', '/api/events?limit=1&limit=2', undefined],
    [alice, 'GET', '/api/engineer-chat/history', undefined], // It names no event.
    [alice, 'GET', '/api/engineer-chat/status?event_id=%00', undefined],
    [alice, 'POST', '/api/engineer-chat/new-session', { event_id, carry_over: 'yes' }],
    [alice, 'POST', '/api/engineer-chat/preview', { event_id, message: '' }],
    [alice, 'POST', '/api/engineer-chat/preview', { event_id, message: 'a\0b' }],
    [admin, 'GET', '/api/admin/flagged-replies?verdict=nice', undefined],
    [admin, 'GET', '/api/admin/flagged-replies?kind=nice', undefined],
    [admin, 'GET', '/api/admin/analytics?from=today', undefined],
    [admin, 'PUT', '/api/admin/flagged-replies/x/verdict', { verdict: 'nice' }],
    [admin, 'POST', '/api/users', { username: 'Ünsafe', password: 'long enough pass', role: 'engineer' }],
    [admin, 'POST', '/api/users', { username: 'fine', password: 'short', role: 'engineer' }],
    [admin, 'PATCH', `/api/users/${alice.user_id}`, { active: 'no' }],
  ]
  for (const [caller, method, url, body] of cases) {
    checkProblem(
      t,
      await caller.call(method, url, body),
      400,
      'validation_failed',
      `${method} ${url} ${JSON.stringify(body)}`,
    )
  }
})

t.test('[HTTP3] a problem names each wrong field by a JSON pointer; types are not converted', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const response = await alice.call('POST', '/api/events', { event_name: 7, severity: 'low', source: '', message: 'm' })
  const { errors } = checkProblem(t, response, 400, 'validation_failed')
  t.same(errors?.map(({ path }) => path).sort(), ['/event_name', '/source'])
  const { errors: missing } = checkProblem(t, await alice.call('POST', '/api/events', {}), 400, 'validation_failed')
  t.same(missing?.map(({ path }) => path).sort(), ['/event_name', '/message', '/severity', '/source'])
})
