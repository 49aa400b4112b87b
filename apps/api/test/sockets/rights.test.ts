import { EventEmitter, once } from 'node:events'
import t from 'tap'
import { createSocketHarness, createToken } from './socket-harness.ts'

t.test('[WS17] a room that may not be entered looks like one that does not exist', async (t) => {
  const harness = createSocketHarness(t)
  await harness.createEvent('secret', 'restricted')
  const client = await (await harness.startNode()).connect(await harness.signIn('alice'))
  const answers = []
  for (const event_id of ['secret', 'nowhere']) {
    client.send({ type: 'subscribe', event_id })
    const { event_id: of, ...rest } = await client.next('error')
    t.equal(of, event_id)
    answers.push(rest)
  }
  t.match(answers[0], { code: 'event_not_found' })
  t.same(answers[0], answers[1])
  await harness.postMessage('secret', 'x')
  await client.readUntilPong()
  t.same(client.listFrames('message'), [])
})

t.test(
  '[WS18] even if every hint is lost, a user who loses the right to a room gets nothing after a second',
  async (t) => {
    const harness = createSocketHarness(t)
    const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
    await harness.createEvent('e1', 'restricted', { alice: 'responder', bob: 'responder' })
    await harness.createEvent('e2')
    const node = await harness.startNode()
    const [a, b] = [await node.connect(alice), await node.connect(bob)]
    for (const client of [a, b]) for (const room of ['e1', 'e2']) await client.subscribe(room)
    harness.hints.lose('rights')
    const removed = performance.now()
    await harness.stores.events.removeMember('e1', 'alice')
    t.match(await a.next('error'), { code: 'forbidden', event_id: 'e1' })
    t.ok(performance.now() - removed < 1_000)
    await harness.postMessage('e1', 'after')
    await harness.postMessage('e2', 'elsewhere')
    await b.next('message', ({ event_id }) => event_id === 'e1')
    await a.next('message', ({ event_id }) => event_id === 'e2')
    t.same(
      a.listFrames('message').map(({ event_id }) => event_id),
      ['e2'],
      'the connection and its other room go on',
    )
  },
)

t.test('[WS18] with a hint a lost right takes effect at once', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1', 'restricted', { alice: 'responder' })
  const client = await (
    await harness.startNode({ limits: { rightsIntervalMs: 3_600_000, rightsMaxAgeMs: 7_200_000 } })
  ).connect(alice)
  await client.subscribe('e1')
  await harness.stores.events.removeMember('e1', 'alice')
  harness.hints.bus.publishRightsChange()
  t.match(await client.next('error'), { code: 'forbidden' })
})

t.test('[WS18] an endless stream of hints makes a node read the rights with a pause after each read', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  const startsMs: number[] = []
  const reads = new EventEmitter()
  const { findMemberships, findPrincipals } = harness.stores.rightsReader
  const rightsReader: typeof harness.stores.rightsReader = {
    findMemberships: (...args) => findMemberships.apply(harness.stores.rightsReader, args),
    findPrincipals(...args) {
      startsMs.push(performance.now())
      reads.emit('read')
      return findPrincipals.apply(harness.stores.rightsReader, args)
    },
  }
  const limits = { rightsIntervalMs: 3_600_000, rightsMaxAgeMs: 7_200_000 }
  const node = await harness.startNode({ limits, stores: { ...harness.stores, rightsReader } })
  await node.connect(alice)
  startsMs.length = 0
  while (startsMs.length < 4) {
    const read = once(reads, 'read')
    for (let nth = 0; nth < 3; nth += 1) harness.hints.bus.publishRightsChange()
    await read
  }
  t.ok((startsMs[3] ?? 0) - (startsMs[0] ?? 0) >= 3 * 49, `${startsMs}`)
})

t.test('[AUDIT3] the presence of an admin in a room without membership is audited', async (t) => {
  const harness = createSocketHarness(t)
  const root = await harness.signIn('root', 'admin')
  await harness.createEvent('restricted', 'restricted', { root: 'responder' })
  await harness.createEvent('open')
  const views: string[] = []
  const lines = new EventEmitter()
  const node = await harness.startNode({
    async onAdminView(admin, event_id) {
      views.push(`${admin.user_id} ${event_id}`)
      lines.emit(event_id)
    },
  })
  const client = await node.connect(root)
  for (const room of ['restricted', 'open']) await client.subscribe(room)
  t.same(views, [], 'a member, and whoever is in an open event, leaves none')

  const removed = once(lines, 'restricted')
  await harness.stores.events.removeMember('restricted', 'root')
  await removed
  const closed = once(lines, 'open')
  await harness.stores.events.update('open', { access: 'restricted' }, { user_id: 'root', role: 'admin' })
  harness.hints.bus.publishRightsChange()
  await closed
  await client.subscribe('open')
  t.same(views, ['root restricted', 'root open', 'root open'], 'and one with each subscription')
})

t.test('[AUDIT3] if that entry cannot be stored, the admin gets nothing more', async (t) => {
  const harness = createSocketHarness(t)
  const root = await harness.signIn('root', 'admin')
  await harness.createEvent('e1', 'restricted', { root: 'responder' })
  const node = await harness.startNode({
    onAdminView: () => Promise.reject(new Error('the disk is full')),
  })
  const client = await node.connect(root)
  await client.subscribe('e1')
  await harness.stores.events.removeMember('e1', 'root')
  t.match(await client.next('error'), { code: 'unavailable', event_id: 'e1' })
  await harness.postMessage('e1', 'unseen')
  await client.readUntilPong()
  t.same(client.listFrames('message'), [])
})

t.test('[WS19] signed out, deactivated, or of another role: the connection is closed with 4401', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob, carol, dora] = [
    await harness.signIn('alice'),
    await harness.signIn('bob'),
    await harness.signIn('carol'),
    await harness.signIn('dora'),
  ]
  const node = await harness.startNode()
  const clients = await Promise.all([alice, bob, carol, dora].map((user) => node.connect(user)))
  harness.hints.lose('rights')
  await harness.stores.signIns.end(alice.sign_in_id)
  await harness.stores.users.update('bob', { active: false })
  await harness.stores.users.update('carol', { role: 'agent' })
  const started = performance.now()
  for (const client of clients.slice(0, 3)) t.match(await client.closed, { code: 4401 })
  t.ok(performance.now() - started < 1_000)
  await clients[3]?.readUntilPong()
})

t.test('[WS20] while rights cannot be read nothing is delivered, and afterwards everything is', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1', 'restricted', { alice: 'responder' })
  const { rightsReader } = harness.stores
  let down = false
  const failWhileDown = async <T>(read: () => Promise<T>): Promise<T> => {
    if (down) throw new Error('MySQL is away')
    return read()
  }
  const node = await harness.startNode({
    limits: { rightsIntervalMs: 20, rightsMaxAgeMs: 60, framesBurst: 100_000, heartbeatMs: 100 },
    stores: {
      rightsReader: {
        findPrincipals: (sign_ins) => failWhileDown(() => rightsReader.findPrincipals(sign_ins)),
        findMemberships: (pairs) => failWhileDown(() => rightsReader.findMemberships(pairs)),
      },
    },
  })
  const client = await node.connect(alice)
  await client.subscribe('e1')
  const { reply } = await harness.askQuestion('e1', alice)
  await harness.claimReply(reply)
  await client.next('message', ({ seq }) => seq === 2)
  const live = harness.hints.live.open({ message_id: reply, attempt: 1 }, 'e1')

  down = true
  let held = node.metrics.held_back_total
  for (let n = 0; node.metrics.held_back_total === held; n += 1)
    await harness.postMessage('e1', `n${n}`).then(() => client.readUntilPong())
  held = client.listFrames('message').length
  const { seq } = (await harness.postMessage('e1', 'held back')).row.message
  live.append('unseen')
  client.send({ type: 'typing', event_id: 'e1' })
  await client.readUntilPong()
  t.equal(client.listFrames('message').length, held)
  t.same([client.listFrames('delta'), client.listFrames('snapshot')], [[], []])

  down = false
  await client.next('message', (frame) => frame.seq === seq)
  t.match(await client.next('snapshot'), { text: 'unseen', next_index: 1 })
  const seqs = client.listFrames('message').map((frame) => frame.seq)
  t.same(
    seqs,
    Array.from({ length: seq }, (_, n) => n + 1),
    'everything, in order',
  )
})

t.test('[WS20] a right that was lost while rights could not be read is not used afterwards', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1', 'restricted', { alice: 'responder' })
  const { rightsReader } = harness.stores
  let down = false
  const node = await harness.startNode({
    limits: { rightsIntervalMs: 20, rightsMaxAgeMs: 60, framesBurst: 100_000 },
    stores: {
      rightsReader: {
        findPrincipals: (sign_ins) => rightsReader.findPrincipals(sign_ins),
        async findMemberships(pairs) {
          if (down) throw new Error('MySQL is away')
          return rightsReader.findMemberships(pairs)
        },
      },
    },
  })
  const client = await node.connect(alice)
  await client.subscribe('e1')
  down = true
  const held = node.metrics.held_back_total
  while (node.metrics.held_back_total === held)
    await harness.postMessage('e1', 'may come').then(() => client.readUntilPong())
  await harness.stores.events.removeMember('e1', 'alice')
  await harness.postMessage('e1', 'must not come')
  down = false
  t.match(await client.next('error'), { code: 'forbidden' })
  await client.readUntilPong()
  t.notOk(JSON.stringify(client.frames).includes('must not come'))
})

t.test('[WS21] a connection ends with its token, unless a new one comes in time', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
  const node = await harness.startNode({ limits: { rightsIntervalMs: 50 } })
  const computeExpiry = () => Date.now() + 400
  const [short, renewed] = [
    await node.connect({ ...alice, token: createToken('alice', alice.sign_in_id, computeExpiry()) }),
    await node.connect({ ...alice, token: createToken('alice', alice.sign_in_id, computeExpiry()) }),
  ]
  for (const bad of [
    'garbage',
    bob.token,
    createToken('alice', 'no sign-in'),
    createToken('alice', alice.sign_in_id, 1),
  ]) {
    renewed.send({ type: 'auth', access_token: bad })
    t.match(await renewed.next('error'), { code: 'unauthorized' })
  }
  renewed.send({ type: 'auth', access_token: alice.token })
  const { expires_in } = await renewed.next('authenticated')
  t.ok(expires_in > 3_590 && expires_in <= 3_600)
  t.match(await short.closed, { code: 4401 })
  await renewed.readUntilPong()
})

t.test('[WS22] no token, a bad or an old one, a ticket used twice: accepted, and closed with 4401', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  const node = await harness.startNode()
  const connectWithToken = (token: string) => node.openClient('/ws', { authorization: `Bearer ${token}` })
  const ticket = await harness.stores.tickets.issue({ ...alice, expires_at: Date.now() + 60_000 }, 30)
  const first = node.openClient(`/ws?ticket=${ticket}`)
  t.match(await first.next('hello'), { user_id: 'alice' })
  const stale = await harness.stores.tickets.issue({ ...alice, expires_at: Date.now() - 1 }, 30)
  const refused = [
    node.openClient(`/ws?ticket=${stale}`),
    node.openClient(),
    connectWithToken('garbage'),
    connectWithToken(createToken('alice', alice.sign_in_id, Date.now() - 1)),
    connectWithToken(createToken('alice', 'another')),
    connectWithToken(createToken('bob', alice.sign_in_id)),
    node.openClient('/ws', { authorization: 'Basic abc' }),
    node.openClient(`/ws?ticket=${ticket}`),
    node.openClient('/ws?ticket=unknown'),
  ]
  for (const client of refused) {
    t.match(await client.closed, { code: 4401 })
    t.same(client.frames, [])
  }
})

t.test(
  '[WS23] a page of another origin is refused with 4403; our own, and those that are allowed, are not',
  async (t) => {
    const harness = createSocketHarness(t)
    const alice = await harness.signIn('alice')
    const node = await harness.startNode({ allowedOrigins: ['https://war.room'] })
    const from = (origin: string) => node.openClient('/ws', { authorization: `Bearer ${alice.token}`, origin })
    for (const origin of ['https://evil.example', 'null', 'https://war.room.evil.example']) {
      t.match(await from(origin).closed, { code: 4403 })
    }
    for (const origin of ['https://war.room', node.url.replace('ws', 'http')]) await from(origin).next('hello')
  },
)
