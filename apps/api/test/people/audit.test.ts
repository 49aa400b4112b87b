import t, { type Test } from 'tap'
import { createHarness, type Harness, PASSWORD, type TestCaller } from '../harness.ts'
import { checkProblem } from '../problems.ts'

async function setUp(t: Test) {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [admin, alice, bob] = [
    await harness.signUp('root', 'admin'),
    await harness.signUp('alice'),
    await harness.signUp('bob'),
  ]
  const list = async (query = '', caller: TestCaller = admin) =>
    (await caller.call('GET', `/api/admin/audit${query}`)).json().items as Array<Record<string, string | null>>
  return { harness, admin, alice, bob, list }
}

const login = (harness: Harness, username: string, password: string) =>
  harness.app.inject({ method: 'POST', url: '/api/auth/login', payload: { username, password } })

t.test('[AUDIT2] each action adds one entry with user, time, address and object, and without text', async (t) => {
  const { harness, admin, alice, bob, list } = await setUp(t)
  const event_id = await harness.createEvent(alice, { access: 'restricted' })
  await harness.putMember(alice, event_id, bob, 'observer')
  const sent = (await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'secret words' })).json()
  const { message_id } = sent.ai_message
  await alice.call('POST', `/api/engineer-chat/messages/${message_id}/cancel`)
  await alice.call('POST', `/api/engineer-chat/messages/${message_id}/retry`)
  await alice.call('POST', `/api/engineer-chat/sessions/${sent.session_id}/share`)
  await alice.call('PATCH', `/api/events/${event_id}`, { severity: 'low', message: 'secret words' })
  await alice.call('DELETE', `/api/events/${event_id}/members/${bob.user_id}`)
  await alice.call('GET', '/api/admin/audit') // The request is refused, because only admins may read the audit.
  const entriesOfEvent = await list(`?event_id=${event_id}`)
  t.same(
    entriesOfEvent.reverse().map(({ action, object_id, detail }) => [action, object_id, detail]),
    [
      ['event_created', event_id, 'severity=high access=restricted'],
      ['member_put', bob.user_id, 'role=observer'],
      ['send', sent.user_message.message_id, null],
      ['cancel', message_id, null],
      ['retry', message_id, null],
      ['share', sent.session_id, null],
      ['event_updated', event_id, 'severity=low message'],
      ['member_removed', bob.user_id, null],
    ],
  )
  t.ok(
    entriesOfEvent.every(
      ({ actor, address, at, request_id }) => actor === alice.user_id && address && at && request_id,
    ),
  )

  await admin.call('POST', '/api/users', { username: 'carol', password: 'long enough', role: 'engineer' })
  await admin.call('PATCH', `/api/users/${bob.user_id}`, {
    role: 'agent',
    password: 'another secret',
    your_password: PASSWORD,
  })
  await alice.call('POST', '/api/auth/logout')
  const all = await list('?limit=100')
  t.match(
    all.find(({ action }) => action === 'user_created'),
    { actor: admin.user_id, detail: 'role=engineer' },
  )
  t.match(
    all.find(({ action }) => action === 'user_updated'),
    { object_id: bob.user_id, detail: 'role=agent password' },
  )
  t.match(
    all.find(({ action }) => action === 'logout'),
    { actor: alice.user_id },
  )
  t.notMatch(JSON.stringify(all), /secret/)
})

t.test(
  '[AUDIT2] successful and failed logins are audited, and the unknown name of a failed login is not stored',
  async (t) => {
    const { harness, alice, list } = await setUp(t)
    await login(harness, 'alice', 'wrong password')
    await login(harness, 'hunter2', 'whatever it is')
    const [newest, previous] = await list('?action=login_failed')
    t.match(newest, { actor: null, object_id: null, address: '127.0.0.1' }, 'the unknown name')
    t.match(previous, { actor: null, object_id: alice.user_id }, 'the wrong password')
    const [firstLogin] = await list(`?action=login&actor=${alice.user_id}`)
    t.match(firstLogin, { object_id: alice.user_id }, 'the login of `setUp`')
    t.notMatch(JSON.stringify(await list('?limit=100')), 'hunter2')
  },
)

t.test(
  '[AUDIT3] when an admin views a restricted event or the users, an entry is stored before the response; when a member views the event, none is',
  async (t) => {
    const { harness, admin, alice, list } = await setUp(t)
    const openEvent = await harness.createEvent(alice)
    const restrictedEvent = await harness.createEvent(alice, { access: 'restricted' })
    for (const event_id of [openEvent, restrictedEvent]) {
      for (const caller of [admin, alice]) await caller.call('GET', `/api/events/${event_id}/messages`)
    }
    await admin.call('GET', `/api/engineer-chat/status?event_id=${restrictedEvent}`)
    await admin.call('GET', '/api/users')
    // The newest entry comes first. The open event has none.
    const views = await list('?action=admin_view')
    t.equal(views.length, 3)
    t.match(views, [
      { object_type: 'user', detail: 'GET /api/users' },
      { object_id: restrictedEvent, detail: 'GET /api/engineer-chat/status' },
      { object_id: restrictedEvent, detail: 'GET /api/events/:event_id/messages', actor: admin.user_id },
    ])
    const [newest] = await list('?action=admin_view')
    t.match(newest, { object_type: 'audit' }, 'the previous read of the audit added an entry, too')
    await harness.putMember(alice, restrictedEvent, admin, 'observer')
    const entriesBefore = (await list(`?event_id=${restrictedEvent}`)).length
    await admin.call('GET', `/api/events/${restrictedEvent}`)
    t.equal((await list(`?event_id=${restrictedEvent}`)).length, entriesBefore, 'no entry if the admin is a member')
  },
)

t.test('[AUDIT5] if an admin lists events, one write adds an entry for each restricted one of a page', async (t) => {
  const { harness, admin, alice } = await setUp(t)
  const restrictedEvents: string[] = []
  for (let index = 0; index < 60; index += 1)
    restrictedEvents.push(await harness.createEvent(alice, { access: 'restricted' }))
  await harness.createEvent(alice)
  await harness.createEvent(admin, { access: 'restricted' })
  const writes: string[][] = []
  const { write } = harness.stores.audit
  harness.stores.audit.write = (entries) => {
    writes.push(entries.map(({ event_id, detail }) => `${detail} ${event_id}`))
    return write(entries)
  }
  const firstPage = (await admin.call('GET', '/api/events?limit=50')).json()
  await admin.call('GET', `/api/events?limit=50&cursor=${firstPage.next_cursor}`)
  t.same(
    writes.map((entries) => entries.length),
    [48, 12],
    'the open event, and the one of which the admin is a member, add no entry',
  )
  const expectedLines = restrictedEvents.map((event_id) => `GET /api/events ${event_id}`)
  t.same(
    writes.flat().toSorted(),
    expectedLines.toSorted(),
    'in any order, because ids of the same millisecond are not ordered',
  )
  writes.splice(0)
  await alice.call('GET', '/api/events?limit=50')
  t.same(writes, [], 'no entry is added when a member lists the events')
})

t.test('[AUDIT3] if the entry about an admin’s view cannot be stored, the admin is shown nothing', async (t) => {
  const { harness, admin, alice } = await setUp(t)
  const event_id = await harness.createEvent(alice, { access: 'restricted' })
  harness.stores.audit.write = async () => {
    throw new Error('the disk is full')
  }
  checkProblem(t, await admin.call('GET', `/api/events/${event_id}/messages`), 500, 'internal')
})

t.test('[AUDIT1] only admins list the audit, by filters and pages, and export it as CSV and NDJSON', async (t) => {
  const { harness, admin, alice, list } = await setUp(t)
  for (const path of ['/api/admin/audit', '/api/admin/audit/export']) {
    checkProblem(t, await alice.call('GET', path), 403, 'forbidden')
    checkProblem(t, await harness.app.inject(path), 401, 'unauthorized')
  }
  for (const query of ['action=nonsense', 'from=yesterday', 'cursor=x', 'limit=0']) {
    checkProblem(t, await admin.call('GET', `/api/admin/audit?${query}`), 400, 'validation_failed')
  }
  const page = (await admin.call('GET', '/api/admin/audit?limit=2&action=login')).json()
  t.equal(page.items.length, 2)
  t.equal((await list(`?limit=2&action=login&cursor=${page.next_cursor}`)).length, 1, 'three users have signed in')

  const entries = Array.from({ length: 2_500 }, (_, index) => ({
    action: 'send' as const,
    actor: 'x',
    address: null,
    object_type: 'message' as const,
    event_id: null,
    detail: null,
    object_id: `m${index}`,
    request_id: '-1+1,"quoted"',
  }))
  await harness.stores.audit.write(entries)
  const csv = await admin.call('GET', '/api/admin/audit/export?format=csv&actor=x')
  t.match(csv.headers, { 'content-type': /^text\/csv/, 'content-disposition': 'attachment; filename="audit.csv"' })
  const rows = csv.body.trimEnd().split('\r\n')
  t.equal(rows[0], 'id,at,action,actor,address,object_type,object_id,event_id,detail,request_id')
  t.equal(rows.length, 2_501, 'the head and all entries')
  // The newest entry comes first.
  t.match(rows[1], /,send,x,,message,m2499,,,"'-1\+1,""quoted"""$/, 'a spreadsheet does not read the cell as a formula')
  const ndjson = await admin.call('GET', '/api/admin/audit/export?actor=x')
  t.equal(
    ndjson.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)).length,
    2_500,
  )
  const [newest, previous] = await list('?action=export')
  t.match([newest, previous], [{ detail: 'ndjson' }, { detail: 'csv' }])
})
