import t from 'tap'
import { createSocketHarness } from './socket-harness.ts'

t.test(
  '[WS31] people on every node see who is present; agents are not counted and get no presence frames',
  async (t) => {
    const harness = createSocketHarness(t)
    const [alice, bob, captain] = [
      await harness.signIn('alice'),
      await harness.signIn('bob'),
      await harness.signIn('captain', 'agent'),
    ]
    await harness.createEvent('e1')
    const [nodeA, nodeB] = [await harness.startNode(), await harness.startNode()]
    const aliceClient = await nodeA.connect(alice)
    await aliceClient.subscribe('e1')
    t.same((await aliceClient.next('presence')).users, ['alice'])
    const agentClient = await nodeB.connect(captain)
    await agentClient.subscribe('e1')
    const bobClient = await nodeB.connect(bob)
    await bobClient.subscribe('e1')
    const areBothPresent = ({ users }: { users: string[] }) => users.join() === 'alice,bob'
    await aliceClient.next('presence', areBothPresent)
    await bobClient.next('presence', areBothPresent)
    const secondTab = await nodeA.connect(bob)
    await secondTab.subscribe('e1')
    await secondTab.next('presence', areBothPresent)
    await secondTab.close()
    await bobClient.close()
    t.same((await aliceClient.next('presence', ({ users }) => users.length === 1)).users, ['alice'])
    await agentClient.readUntilPong()
    t.same(agentClient.listFrames('presence'), [])
  },
)

t.test('[WS31] the first subscriber of a room gets only one presence frame', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const otherNodeFeed = harness.hints.feed('other-node')
  await otherNodeFeed.subscribe('e1')
  const published = new Promise<void>((resolve) =>
    otherNodeFeed.onHint((_, { type }) => type === 'presence' && resolve()),
  )
  const aliceClient = await (await harness.startNode()).connect(alice)
  await aliceClient.subscribe('e1')
  await published // A node sends to its own sockets right after it publishes to the other nodes.
  await aliceClient.readUntilPong()
  t.same(aliceClient.listFrames('presence'), [{ type: 'presence', event_id: 'e1', users: ['alice'], count: 1 }])
})

t.test('[WS31] when a node has died, the users of its sockets are no longer listed as present', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const aliceClient = await (await harness.startNode({ limits: { heartbeatMs: 50 } })).connect(alice)
  await aliceClient.subscribe('e1')
  await aliceClient.next('presence', ({ users }) => users.join() === 'alice')
  const deadNodeFeed = harness.hints.feed('dead-node')
  await deadNodeFeed.subscribe('e1')
  // After this hint, the dead node sends no further one.
  deadNodeFeed.publishHint('e1', { type: 'presence', node_id: 'dead-node', users: ['bob'] })
  await aliceClient.next('presence', ({ users }) => users.includes('bob'))
  await aliceClient.next('presence', ({ users }) => !users.includes('bob'))
  t.pass('the user of the dead node is removed')
})

t.test('[WS34] presence names a limited number of users, and counts all of them', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const aliceClient = await (await harness.startNode()).connect(alice)
  await aliceClient.subscribe('e1')
  const otherNodeFeed = harness.hints.feed('other-node')
  await otherNodeFeed.subscribe('e1')
  // All numbers have four digits, so the names are in alphabetical order.
  const users = Array.from({ length: 200 }, (_, index) => `user-${1_000 + index}`)
  otherNodeFeed.publishHint('e1', { type: 'presence', node_id: 'other-node', users, count: 900 })
  const { users: named } = await aliceClient.next('presence', ({ count }) => count === 901)
  t.same(named, ['alice', ...users.slice(0, 199)], 'at most 200 users are named')
})

t.test('[WS32] typing reaches the people of the room on every node, at a limited rate', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob, carol] = [
    await harness.signIn('alice'),
    await harness.signIn('bob'),
    await harness.signIn('carol'),
  ]
  const captain = await harness.signIn('captain', 'agent')
  await harness.createEvent('e1', 'open', { carol: 'observer' })
  const [nodeA, nodeB] = [await harness.startNode(), await harness.startNode()]
  const aliceClient = await nodeA.connect(alice)
  const [bobClient, agentClient, observerClient] = await Promise.all([
    nodeB.connect(bob),
    nodeA.connect(captain),
    nodeA.connect(carol),
  ])
  for (const client of [aliceClient, bobClient, agentClient, observerClient]) await client.subscribe('e1')
  for (const client of [agentClient, observerClient, aliceClient, aliceClient, aliceClient])
    client.send({ type: 'typing', event_id: 'e1' })
  t.same(await bobClient.next('typing'), { type: 'typing', event_id: 'e1', user_id: 'alice' })
  await harness.postMessage('e1', 'said')
  await bobClient.next('message') // Bob gets this message after all earlier typing frames.
  for (const client of [aliceClient, agentClient, observerClient]) await client.readUntilPong()
  t.equal(
    bobClient.listFrames('typing').length,
    1,
    'alice’s three frames count as one, and an agent and an observer may not type',
  )
  t.same(
    [aliceClient, agentClient, observerClient].map((client) => client.listFrames('typing').length),
    [0, 0, 1],
    'the sender and agents get no typing frame',
  )
  aliceClient.send({ type: 'unsubscribe', event_id: 'e1' })
  aliceClient.send({ type: 'typing', event_id: 'e1' })
  t.match(await aliceClient.next('error'), { code: 'not_subscribed', event_id: 'e1' })
})

t.test(
  '[WS33] a node that stops sends `goaway` to all sockets, serves them until it closes them, and ends in limited time',
  async (t) => {
    const harness = createSocketHarness(t)
    const alice = await harness.signIn('alice')
    await harness.createEvent('e1')
    const limits = { closeWithinMs: 300, reconnectWithinMs: 5_000, connectionsPerUser: 100, closeGraceMs: 200 }
    const node = await harness.startNode({ limits })
    const clients = await Promise.all(Array.from({ length: 30 }, () => node.connect(alice)))
    for (const client of clients) await client.subscribe('e1')
    clients[0]?.socket.pause() // This client never answers.
    const startedAtMs = performance.now()
    const closing = node.close()
    const delaysMs = new Set<number>()
    for (const client of clients.slice(1)) {
      const goaway = await client.next('goaway')
      t.equal(goaway.reason, 'restart')
      delaysMs.add(goaway.reconnect_after_ms)
    }
    t.ok(delaysMs.size > 15, 'the clients reconnect at different times')
    t.ok([...delaysMs].every((ms) => ms >= 0 && ms < 5_000))
    const { seq } = (await harness.postMessage('e1', 'while it closes')).row.message
    const deliveries = clients
      .slice(1)
      .map((client) => Promise.race([client.next('message', (frame) => frame.seq === seq), client.closed]))
    await Promise.all(deliveries)
    t.ok(
      clients.some((client) => client.listFrames('message').length === 1),
      'a socket is served until its node closes it',
    )
    for (const client of clients.slice(1)) t.match(await client.closed, { code: 1012 })
    await closing
    t.ok(performance.now() - startedAtMs < 1_500, 'the node does not wait for the paused socket')
  },
)
