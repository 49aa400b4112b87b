import t from 'tap'
import { createSocketHarness } from './socket-harness.ts'

t.test('[WS31] people see who is there, on every node; agents neither count nor see', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob, captain] = [
    await harness.signIn('alice'),
    await harness.signIn('bob'),
    await harness.signIn('captain', 'agent'),
  ]
  await harness.createEvent('e1')
  const [near, far] = [await harness.startNode(), await harness.startNode()]
  const a = await near.connect(alice)
  await a.subscribe('e1')
  t.same((await a.next('presence')).users, ['alice'])
  const agent = await far.connect(captain)
  await agent.subscribe('e1')
  const b = await far.connect(bob)
  await b.subscribe('e1')
  const areBothPresent = ({ users }: { users: string[] }) => users.join() === 'alice,bob'
  await a.next('presence', areBothPresent)
  await b.next('presence', areBothPresent)
  const tab = await near.connect(bob)
  await tab.subscribe('e1')
  await tab.next('presence', areBothPresent)
  await tab.close()
  await b.close()
  t.same((await a.next('presence', ({ users }) => users.length === 1)).users, ['alice'])
  await agent.readUntilPong()
  t.same(agent.listFrames('presence'), [])
})

t.test('[WS31] the first member of a room gets one presence frame', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const far = harness.hints.feed('far')
  await far.subscribe('e1')
  const told = new Promise<void>((resolve) => far.onHint((_, { type }) => type === 'presence' && resolve()))
  const a = await (await harness.startNode()).connect(alice)
  await a.subscribe('e1')
  await told // A node shows its own sockets right after what it publishes to the others.
  await a.readUntilPong()
  t.same(a.listFrames('presence'), [{ type: 'presence', event_id: 'e1', users: ['alice'], count: 1 }])
})

t.test('[WS31] a node that died is forgotten', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const a = await (await harness.startNode({ limits: { heartbeatMs: 50 } })).connect(alice)
  await a.subscribe('e1')
  await a.next('presence', ({ users }) => users.join() === 'alice')
  const dead = harness.hints.feed('dead')
  await dead.subscribe('e1')
  dead.publishHint('e1', { type: 'presence', node_id: 'dead', users: ['ghost'] })
  await a.next('presence', ({ users }) => users.includes('ghost'))
  await a.next('presence', ({ users }) => !users.includes('ghost'))
  t.pass('gone')
})

t.test('[WS34] presence names a limited number of users, and counts all of them', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const a = await (await harness.startNode()).connect(alice)
  await a.subscribe('e1')
  const far = harness.hints.feed('far')
  await far.subscribe('e1')
  const users = Array.from({ length: 200 }, (_, index) => `user-${1000 + index}`)
  far.publishHint('e1', { type: 'presence', node_id: 'far', users, count: 900 })
  const { users: named } = await a.next('presence', ({ count }) => count === 901)
  t.same(named, ['alice', ...users.slice(0, 199)])
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
  const [near, far] = [await harness.startNode(), await harness.startNode()]
  const a = await near.connect(alice)
  const [b, agent, observer] = await Promise.all([far.connect(bob), near.connect(captain), near.connect(carol)])
  for (const client of [a, b, agent, observer]) await client.subscribe('e1')
  for (const client of [agent, observer, a, a, a]) client.send({ type: 'typing', event_id: 'e1' })
  t.same(await b.next('typing'), { type: 'typing', event_id: 'e1', user_id: 'alice' })
  await harness.postMessage('e1', 'said')
  await b.next('message')
  for (const client of [a, agent, observer]) await client.readUntilPong()
  t.equal(b.listFrames('typing').length, 1)
  t.same([a.listFrames('typing'), agent.listFrames('typing'), observer.listFrames('typing').length], [[], [], 1])
  a.send({ type: 'unsubscribe', event_id: 'e1' })
  a.send({ type: 'typing', event_id: 'e1' })
  t.match(await a.next('error'), { code: 'not_subscribed', event_id: 'e1' })
})

t.test(
  '[WS33] a node that stops tells every socket to go elsewhere, serves it on, and closes all in a bounded time',
  async (t) => {
    const harness = createSocketHarness(t)
    const alice = await harness.signIn('alice')
    await harness.createEvent('e1')
    const node = await harness.startNode({ limits: { goawayMs: 300, connectionsPerUser: 100, closeGraceMs: 200 } })
    const clients = await Promise.all(Array.from({ length: 30 }, () => node.connect(alice)))
    for (const client of clients) await client.subscribe('e1')
    clients[0]?.socket.pause() // This client never answers.
    const started = performance.now()
    const closing = node.close()
    const waits = new Set<number>()
    for (const client of clients.slice(1)) {
      const goaway = await client.next('goaway')
      t.equal(goaway.reason, 'restart')
      waits.add(goaway.reconnect_after_ms)
    }
    t.ok(waits.size > 15, 'each has a moment of its own')
    t.ok([...waits].every((ms) => ms >= 0 && ms < 5_000))
    const { seq } = (await harness.postMessage('e1', 'while it closes')).row.message
    const told = clients
      .slice(1)
      .map((client) => Promise.race([client.next('message', (frame) => frame.seq === seq), client.closed]))
    await Promise.all(told)
    t.ok(
      clients.some((client) => client.listFrames('message').length === 1),
      'served until it is its turn',
    )
    for (const client of clients.slice(1)) t.match(await client.closed, { code: 1012 })
    await closing
    t.ok(performance.now() - started < 1_500)
  },
)
