import t from 'tap'
import { createHarness } from './harness.ts'
import { checkProblem } from './problems.ts'

const createNestedJson = (levels: number): string => `${'{"a":'.repeat(levels)}"deep"${'}'.repeat(levels)}`

t.test(
  '[HTTP16] JSON that an agent posts keeps all digits and unusual field names, and may have at most 32 levels',
  async (t) => {
    const harness = await createHarness()
    t.teardown(() => harness.close())
    const alice = await harness.signUp('alice')
    const agent = await harness.signUp('captain', 'agent')
    const url = `/api/events/${await harness.createEvent(alice)}/messages`
    const post = (content: string, otherFields = '') =>
      harness.app.inject({
        method: 'POST',
        url,
        payload: `{"message_from":"_captain","message_type":"command_result","message_content":${content}${otherFields}}`,
        headers: { authorization: `Bearer ${agent.token}`, 'content-type': 'application/json' },
      })
    const unusualJson =
      '{"pid":12345678901234567890,"version":1.10,"__proto__":{"a":1},"constructor":{"prototype":{"b":2}}}'
    t.equal((await post(unusualJson)).statusCode, 201)
    t.equal(
      (await post(createNestedJson(32), ',"round_id":1.0')).statusCode,
      201,
      'numbers outside the content are read as numbers',
    )
    const tooDeep = await post(createNestedJson(33)) // The body around the content is one more level.
    t.match(checkProblem(t, tooDeep, 400, 'validation_failed').detail, 'more than 33 levels')
    const body = (await alice.call('GET', url)).body
    // Among the fields, a number that JavaScript cannot represent is a string. The text has each number as it was posted.
    t.match(body, '"pid":"12345678901234567890"')
    t.match(body, 'version: 1.10')
    t.match(body, '"__proto__":{"a":1}')
    t.match(body, '"constructor":{"prototype":{"b":2}}')
    t.match(body, 'deep')
    t.equal(JSON.parse(body).messages.length, 2)
  },
)

t.test('[HTTP16] JSON_MAX_DEPTH sets the allowed depth', async (t) => {
  const harness = await createHarness({ env: { JSON_MAX_DEPTH: '8' } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice)
  const post = (levels: number) =>
    alice.call('POST', `/api/events/${event_id}/messages`, {
      message: 'hi',
      more: JSON.parse(createNestedJson(levels)),
    })
  t.equal((await post(7)).statusCode, 201, 'the body itself is the eighth level')
  checkProblem(t, await post(8), 400, 'validation_failed')
})

t.test('[HTTP17] lists ignore unknown query parameters', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const admin = await harness.signUp('root', 'admin')
  const event_id = await harness.createEvent(admin)
  const lists = [
    '/api/admin/audit',
    '/api/admin/audit/export',
    '/api/users',
    '/api/events',
    `/api/events/${event_id}/messages`,
  ]
  for (const url of lists) {
    const response = await admin.call('GET', `${url}?foo=1&__proto__=2`)
    t.equal(response.statusCode, 200, `${url}: ${response.body.slice(0, 200)}`)
  }
  t.ok((await admin.call('GET', '/api/admin/audit?foo=1')).json().items.length > 0, '`foo` filters nothing')
  checkProblem(
    t,
    await admin.call('GET', '/api/admin/audit?action=none'),
    400,
    'validation_failed',
    'known parameters are checked',
  )
})

t.test(
  '[HTTP17] X-Forwarded-For may contain an address with or without a port; any other content is answered with 400',
  async (t) => {
    const harness = await createHarness({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
    t.teardown(() => harness.close())
    const alice = await harness.signUp('alice')
    const sendForwarded = (address: string) =>
      alice.call(
        'POST',
        '/api/events',
        { event_name: 'a', message: 'b', severity: 'low', source: 'c' },
        { 'x-forwarded-for': address },
      )
    for (const address of [
      '203.0.113.7',
      '2001:db8::1',
      '203.0.113.7:4711',
      '[2001:db8::1]:443',
      '0000:0000:0000:0000:0000:ffff:255.255.255.255', // No IPv6 address is longer than these 45 characters.
    ]) {
      t.equal((await sendForwarded(address)).statusCode, 201, address)
    }
    for (const address of ['unknown', '1'.repeat(45), '1'.repeat(46), '9'.repeat(300), '<script>', 'a b']) {
      checkProblem(t, await sendForwarded(address), 400, 'validation_failed', address)
    }
  },
)
