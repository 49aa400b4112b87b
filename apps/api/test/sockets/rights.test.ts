import { EventEmitter, once } from 'node:events'
import t from 'tap'
import { createSocketHarness, createToken } from './socket-harness.ts'

/** With these limits, a node reads the rights again only after a hint. */
const NO_REGULAR_READS = { rightsIntervalMs: 3_600_000, rightsMaxAgeMs: 7_200_000 }

/**
 * With these limits, a node delivers nothing if the last successful read of the rights began more than 60 ms ago. The
 * limit of frames is too high to be reached.
 */
const SHORT_LIVED_RIGHTS = { rightsIntervalMs: 20, rightsMaxAgeMs: 60, framesBurst: 100_000 }

t.test('[WS17] a room that may not be entered looks like one that does not exist', async (t) => {
  const harness = createSocketHarness(t)
  await harness.createEvent('secret', 'restricted')
  const client = await (await harness.startNode()).connect(await harness.signIn('alice'))
  const answers = []
  for (const event_id of ['secret', 'nowhere']) {
    client.send({ type: 'subscribe', event_id })
    const { event_id: refusedId, ...otherFields } = await client.next('error')
    t.equal(refusedId, event_id)
    answers.push(otherFields)
  }
  t.match(answers[0], { code: 'event_not_found' })
  t.same(answers[0], answers[1])
  await harness.postMessage('secret', 'x')
  await client.readUntilPong()
  t.same(client.listFrames('message'), [])
})

t.test(
  '[WS18] even if all hints are lost, a user gets nothing from a room later than one second after losing the right to it',
  async (t) => {
    const harness = createSocketHarness(t)
    const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
    await harness.createEvent('e1', 'restricted', { alice: 'responder', bob: 'responder' })
    await harness.createEvent('e2')
    const node = await harness.startNode()
    const [aliceClient, bobClient] = [await node.connect(alice), await node.connect(bob)]
    for (const client of [aliceClient, bobClient]) for (const room of ['e1', 'e2']) await client.subscribe(room)
    harness.hints.lose('rights')
    const removedAtMs = performance.now()
    await harness.stores.events.removeMember('e1', 'alice')
    t.match(await aliceClient.next('error'), { code: 'forbidden', event_id: 'e1' })
    t.ok(performance.now() - removedAtMs < 1_000)
    await harness.postMessage('e1', 'after')
    await harness.postMessage('e2', 'elsewhere')
    await bobClient.next('message', ({ event_id }) => event_id === 'e1')
    await aliceClient.next('message', ({ event_id }) => event_id === 'e2')
    t.same(
      aliceClient.listFrames('message').map(({ event_id }) => event_id),
      ['e2'],
      'the connection and its other room still work',
    )
  },
)

t.test('[WS18] after a hint, a lost right takes effect immediately', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1', 'restricted', { alice: 'responder' })
  const client = await (await harness.startNode({ limits: NO_REGULAR_READS })).connect(alice)
  await client.subscribe('e1')
  await harness.stores.events.removeMember('e1', 'alice')
  harness.hints.bus.publishRightsChange()
  t.match(await client.next('error'), { code: 'forbidden' })
})

t.test('[WS18] during an endless stream of hints, a node pauses after each read of the rights', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  const readStartsMs: number[] = []
  const reads = new EventEmitter()
  const { findAccessAndRoles, findPrincipals } = harness.stores.uncachedRights
  const uncachedRights: typeof harness.stores.uncachedRights = {
    findAccessAndRoles: (...args) => findAccessAndRoles.apply(harness.stores.uncachedRights, args),
    findPrincipals(...args) {
      readStartsMs.push(performance.now())
      reads.emit('read')
      return findPrincipals.apply(harness.stores.uncachedRights, args)
    },
  }
  const node = await harness.startNode({ limits: NO_REGULAR_READS, stores: { ...harness.stores, uncachedRights } })
  await node.connect(alice)
  readStartsMs.length = 0
  while (readStartsMs.length < 4) {
    const read = once(reads, 'read')
    for (let hints = 0; hints < 3; hints += 1) harness.hints.bus.publishRightsChange()
    await read
  }
  // Each pause lasts 50 ms. A timer may fire one millisecond too early.
  t.ok((readStartsMs[3] ?? 0) - (readStartsMs[0] ?? 0) >= 3 * 49, `${readStartsMs}`)
})

t.test('[AUDIT3] the audit records that an admin is in a restricted room without being a member', async (t) => {
  const harness = createSocketHarness(t)
  const root = await harness.signIn('root', 'admin')
  await harness.createEvent('restricted', 'restricted', { root: 'responder' })
  await harness.createEvent('open')
  const views: string[] = []
  const recorded = new EventEmitter()
  const node = await harness.startNode({
    async onAdminView(admin, event_id) {
      views.push(`${admin.user_id} ${event_id}`)
      recorded.emit(event_id)
    },
  })
  const client = await node.connect(root)
  for (const room of ['restricted', 'open']) await client.subscribe(room)
  t.same(views, [], 'members, and everybody in an open event, add no entry')

  const entryAfterRemoval = once(recorded, 'restricted')
  await harness.stores.events.removeMember('restricted', 'root')
  await entryAfterRemoval
  const entryAfterRestriction = once(recorded, 'open')
  await harness.stores.events.update('open', { access: 'restricted' }, { user_id: 'root', role: 'admin' })
  harness.hints.bus.publishRightsChange()
  await entryAfterRestriction
  await client.subscribe('open')
  t.same(
    views,
    ['root restricted', 'root open', 'root open'],
    'the removal, the restriction and the second subscription add one entry each',
  )
})

t.test('[AUDIT5] no entry is added if the sign-in has ended, because the admin is shown nothing', async (t) => {
  const harness = createSocketHarness(t)
  const root = await harness.signIn('root', 'admin')
  await harness.createEvent('e1', 'restricted')
  const views: string[] = []
  const node = await harness.startNode({
    limits: NO_REGULAR_READS,
    onAdminView: async (_admin, event_id) => void views.push(event_id),
  })
  const client = await node.connect(root)
  await client.subscribe('e1')
  await harness.stores.signIns.end(root.sign_in_id)
  client.send({ type: 'subscribe', event_id: 'e1' })
  t.match(await client.closed, { code: 4401 })
  t.same(views, ['e1'], 'the second subscription adds no entry')
})

t.test(
  '[AUDIT3] if the audit entry about an admin’s view cannot be stored, the admin gets no further message',
  async (t) => {
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
  },
)

t.test(
  '[AUDIT3] an entry that cannot be stored does not disturb a later subscription of the same socket',
  async (t) => {
    const harness = createSocketHarness(t)
    const root = await harness.signIn('root', 'admin')
    await harness.createEvent('e1', 'restricted', { root: 'responder' })
    const firstEntry = Promise.withResolvers<void>()
    const views = new EventEmitter()
    let entries = 0
    const node = await harness.startNode({
      limits: NO_REGULAR_READS,
      async onAdminView() {
        entries += 1
        views.emit('view')
        if (entries === 1) await firstEntry.promise
      },
    })
    const client = await node.connect(root)
    await client.subscribe('e1')
    const firstView = once(views, 'view')
    await harness.stores.events.removeMember('e1', 'root')
    harness.hints.bus.publishRightsChange()
    await firstView
    await client.subscribe('e1')
    firstEntry.reject(new Error('the disk is full'))
    await client.readUntilPong()
    t.same(client.listFrames('error'), [])
    await harness.postMessage('e1', 'seen')
    t.match(await client.next('message'), { message: { message_content: { content: 'seen' } } })
  },
)

t.test(
  '[WS19] a connection is closed with 4401 if its user signs out, is deactivated or gets another role',
  async (t) => {
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
    const startedAtMs = performance.now()
    for (const client of clients.slice(0, 3)) t.match(await client.closed, { code: 4401 })
    t.ok(performance.now() - startedAtMs < 1_000)
    await clients[3]?.readUntilPong() // The connection of dora still works.
  },
)

t.test(
  '[WS21] a socket that continues with another sign-in while it subscribes is not closed for the sign-in before',
  async (t) => {
    const harness = createSocketHarness(t)
    const [first, second] = [await harness.signIn('alice'), await harness.signIn('alice')]
    await harness.createEvent('e1')
    const { uncachedRights } = harness.stores
    const reads = new EventEmitter()
    const release = Promise.withResolvers<void>()
    const findPrincipals: typeof uncachedRights.findPrincipals = async (signIns) => {
      const principals = await uncachedRights.findPrincipals(signIns)
      if (principals.has(first.sign_in_id) || principals.has(second.sign_in_id)) return principals
      reads.emit('ended')
      await release.promise
      return principals
    }
    const node = await harness.startNode({
      limits: NO_REGULAR_READS,
      stores: { uncachedRights: { ...uncachedRights, findPrincipals } },
    })
    const client = await node.connect(first)
    await harness.stores.signIns.end(first.sign_in_id)
    const endedRead = once(reads, 'ended')
    const subscription = client.subscribe('e1')
    await endedRead
    client.send({ type: 'auth', access_token: second.token })
    await client.next('authenticated')
    release.resolve()
    t.match(await Promise.race([subscription, client.closed]), { type: 'subscribed', event_id: 'e1' })
  },
)

t.test('[WS20] while rights cannot be read, nothing is delivered; afterwards, all missed changes come', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1', 'restricted', { alice: 'responder' })
  const { uncachedRights } = harness.stores
  let isDown = false
  const failWhileDown = async <T>(read: () => Promise<T>): Promise<T> => {
    if (isDown) throw new Error('MySQL is down')
    return read()
  }
  const node = await harness.startNode({
    limits: { ...SHORT_LIVED_RIGHTS, heartbeatMs: 100 },
    stores: {
      uncachedRights: {
        findPrincipals: (sign_ins) => failWhileDown(() => uncachedRights.findPrincipals(sign_ins)),
        findAccessAndRoles: (pairs) => failWhileDown(() => uncachedRights.findAccessAndRoles(pairs)),
      },
    },
  })
  const client = await node.connect(alice)
  await client.subscribe('e1')
  const { reply_id } = await harness.askQuestion('e1', alice)
  await harness.claimReply(reply_id)
  await client.next('message', ({ seq }) => seq === 2)
  const stream = harness.openReplyStream('e1', reply_id, 1)

  isDown = true
  const heldBackBefore = node.metrics.held_back_total
  while (node.metrics.held_back_total === heldBackBefore) {
    await harness.postMessage('e1', 'may be delivered')
    await client.readUntilPong()
  }
  const messagesBefore = client.listFrames('message').length
  const { seq } = (await harness.postMessage('e1', 'held back')).row.message
  stream.append('unseen')
  client.send({ type: 'typing', event_id: 'e1' })
  await client.readUntilPong()
  t.equal(client.listFrames('message').length, messagesBefore)
  t.same([client.listFrames('delta'), client.listFrames('snapshot')], [[], []])

  isDown = false
  await client.next('message', (frame) => frame.seq === seq)
  t.match(await client.next('snapshot'), { text: 'unseen', next_index: 1 })
  const seqs = client.listFrames('message').map((frame) => frame.seq)
  t.same(
    seqs,
    Array.from({ length: seq }, (_, n) => n + 1),
    'all changes come, in order',
  )
})

t.test('[WS20] if a user lost a right while rights could not be read, they get nothing afterwards', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1', 'restricted', { alice: 'responder' })
  const { uncachedRights } = harness.stores
  let isDown = false
  const node = await harness.startNode({
    limits: SHORT_LIVED_RIGHTS,
    stores: {
      uncachedRights: {
        findPrincipals: (sign_ins) => uncachedRights.findPrincipals(sign_ins),
        async findAccessAndRoles(pairs) {
          if (isDown) throw new Error('MySQL is down')
          return uncachedRights.findAccessAndRoles(pairs)
        },
      },
    },
  })
  const client = await node.connect(alice)
  await client.subscribe('e1')
  isDown = true
  const heldBackBefore = node.metrics.held_back_total
  while (node.metrics.held_back_total === heldBackBefore) {
    await harness.postMessage('e1', 'may be delivered')
    await client.readUntilPong()
  }
  await harness.stores.events.removeMember('e1', 'alice')
  await harness.postMessage('e1', 'must not be delivered')
  isDown = false
  t.match(await client.next('error'), { code: 'forbidden' })
  await client.readUntilPong()
  t.notOk(JSON.stringify(client.frames).includes('must not be delivered'))
})

t.test(
  '[WS21] a connection is closed when its token expires, unless the client sends a new token in time',
  async (t) => {
    const harness = createSocketHarness(t)
    const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
    const node = await harness.startNode({ limits: { rightsIntervalMs: 50 } })
    const computeExpiry = () => Date.now() + 400
    const [expiring, renewed] = [
      await node.connect({ ...alice, token: createToken('alice', alice.sign_in_id, computeExpiry()) }),
      await node.connect({ ...alice, token: createToken('alice', alice.sign_in_id, computeExpiry()) }),
    ]
    for (const badToken of [
      'garbage',
      bob.token,
      createToken('alice', 'no sign-in'),
      createToken('alice', alice.sign_in_id, 1),
    ]) {
      renewed.send({ type: 'auth', access_token: badToken })
      t.match(await renewed.next('error'), { code: 'unauthorized' })
    }
    renewed.send({ type: 'auth', access_token: alice.token })
    const { expires_in } = await renewed.next('authenticated')
    t.ok(expires_in > 3_590 && expires_in <= 3_600, 'the new token is valid for an hour')
    t.match(await expiring.closed, { code: 4401 })
    await renewed.readUntilPong()
  },
)

t.test('[WS22] a socket without a valid token or ticket is accepted, and then closed with 4401', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  const node = await harness.startNode()
  const connectWithToken = (token: string) => node.openClient('/ws', { authorization: `Bearer ${token}` })
  const ticket = await harness.stores.tickets.issue({ ...alice, expires_at: Date.now() + 60_000 }, 30)
  const accepted = node.openClient(`/ws?ticket=${ticket}`)
  t.match(await accepted.next('hello'), { user_id: 'alice' })
  const expiredTicket = await harness.stores.tickets.issue({ ...alice, expires_at: Date.now() - 1 }, 30)
  const refused = [
    node.openClient(`/ws?ticket=${expiredTicket}`),
    node.openClient(),
    connectWithToken('garbage'),
    connectWithToken(createToken('alice', alice.sign_in_id, Date.now() - 1)),
    connectWithToken(createToken('alice', 'another')),
    connectWithToken(createToken('bob', alice.sign_in_id)),
    node.openClient('/ws', { authorization: 'Basic abc' }),
    node.openClient(`/ws?ticket=${ticket}`), // The ticket was used.
    node.openClient('/ws?ticket=unknown'),
  ]
  for (const client of refused) {
    t.match(await client.closed, { code: 4401 })
    t.same(client.frames, [])
  }
})

t.test(
  '[WS23] sockets of pages from the server’s own origin and from allowed origins are accepted; others are closed with 4403',
  async (t) => {
    const harness = createSocketHarness(t)
    const alice = await harness.signIn('alice')
    const node = await harness.startNode({ allowedOrigins: ['https://war.room'] })
    const connectFrom = (origin: string) => node.openClient('/ws', { authorization: `Bearer ${alice.token}`, origin })
    for (const origin of ['https://evil.example', 'null', 'https://war.room.evil.example']) {
      t.match(await connectFrom(origin).closed, { code: 4403 })
    }
    for (const origin of ['https://war.room', node.url.replace('ws', 'http')]) await connectFrom(origin).next('hello')
  },
)
