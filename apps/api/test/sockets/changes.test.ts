import { EventEmitter, once } from 'node:events'
import t from 'tap'
import { createSocketHarness } from './socket-harness.ts'

t.test('[WS1] the first frame is `hello`, and a subscription is answered with the room', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  await harness.postMessage('e1', 'before')
  const client = await (await harness.startNode()).connect(alice)
  const subscribed = await client.subscribe('e1')
  t.match(client.frames[0], { type: 'hello', protocol: 1, user_id: 'alice', heartbeat_interval_ms: 15_000 })
  t.match(subscribed, { seq: 1, reset: true, has_more: false, event: { event_id: 'e1' } })
  t.match(subscribed.messages, [{ seq: 1, message_content: { content: 'before' } }])
})

t.test('[WS2] a change reaches every socket of its room, on every node, in order', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
  await harness.createEvent('e1')
  await harness.createEvent('e2')
  const aliceClient = await (await harness.startNode()).connect(alice)
  const bobClient = await (await harness.startNode()).connect(bob)
  await aliceClient.subscribe('e1')
  await bobClient.subscribe('e1')
  await bobClient.subscribe('e2')
  for (let n = 1; n <= 50; n += 1) await harness.postMessage('e1', `n${n}`)
  const { change } = await harness.stores.events.update(
    'e1',
    { event_status: 'processing' },
    { user_id: 'captain', role: 'agent' },
  )
  if (change) harness.hints.bus.publish(change)
  for (const client of [aliceClient, bobClient]) {
    t.match(await client.next('event'), { event_id: 'e1', seq: 51, event: { event_status: 'processing' } })
    t.same(
      client.listFrames('message').map(({ seq }) => seq),
      Array.from({ length: 50 }, (_, n) => n + 1),
    )
    t.equal(client.listFrames('message')[7]?.message.message_content.content, 'n8')
  }
})

t.test(
  '[WS3] clients get each change once and in order, even if hints come late, early, twice or without rows',
  async (t) => {
    const harness = createSocketHarness(t)
    await harness.createEvent('e1')
    const client = await (await harness.startNode()).connect(await harness.signIn('alice'))
    await client.subscribe('e1')
    const changes = []
    for (let n = 1; n <= 6; n += 1)
      changes.push((await harness.postMessage('e1', `n${n}`, { isPublished: false })).change)
    const [first, second, third, fourth, fifth, sixth] = changes
    if (!fourth) throw new Error('The fourth post has no change.')
    const { event_id, first_seq, seq } = fourth
    const fourthWithoutRows = { event_id, first_seq, seq }
    for (const change of [third, first, second, second, fifth, fourthWithoutRows, sixth, first]) {
      if (change) harness.hints.bus.publish(change)
    }
    await client.next('message', (frame) => frame.seq === 6)
    t.same(
      client.listFrames('message').map((frame) => frame.seq),
      [1, 2, 3, 4, 5, 6],
    )
  },
)

t.test('[WS3] a hint about a change that does not exist costs only one read', async (t) => {
  const harness = createSocketHarness(t)
  await harness.createEvent('e1')
  const node = await harness.startNode()
  const client = await node.connect(await harness.signIn('alice'))
  await client.subscribe('e1')
  harness.hints.bus.publish({ event_id: 'e1', first_seq: 1, seq: 1_000 })
  harness.hints.bus.publish({ event_id: 'e1', first_seq: 900, seq: 1_000, rows: [] })
  await harness.postMessage('e1', 'stored')
  t.match(await client.next('message'), { seq: 1 })
  await client.readUntilPong()
  t.ok(node.metrics.catch_ups_total <= 3, 'each of the three hints causes one read at most')
})

t.test('[WS3] a change whose hint was lost during a catch-up read is read shortly after the next hint', async (t) => {
  const harness = createSocketHarness(t)
  await harness.createEvent('e1')
  const { timeline } = harness.stores
  let roomReads = 0
  const losingTimeline = {
    ...timeline,
    readChanges: async (...query: Parameters<typeof timeline.readChanges>) => {
      const found = await timeline.readChanges(...query)
      const isRoomRead = query[1] === null // A subscription reads with its user's audiences.
      if (isRoomRead) roomReads += 1
      if (isRoomRead && roomReads === 1) {
        await harness.postMessage('e1', 'stored during the read', { isPublished: false })
        await harness.postMessage('e1', 'announced during the read')
      }
      return found
    },
  }
  const node = await harness.startNode({
    stores: { timeline: losingTimeline },
    limits: { compareIntervalMs: 3_600_000 },
  })
  const client = await node.connect(await harness.signIn('alice'))
  await client.subscribe('e1')
  await harness.postMessage('e1', 'without a hint', { isPublished: false })
  await harness.postMessage('e1', 'starts the read')
  await client.next('message', ({ seq }) => seq === 4)
  t.same(
    client.listFrames('message').map(({ seq }) => seq),
    [1, 2, 3, 4],
  )
  t.equal(roomReads, 2)
})

t.test('[WS3] a hint about an event that MySQL no longer has costs only one read', async (t) => {
  const harness = createSocketHarness(t)
  await harness.createEvent('gone')
  await harness.createEvent('kept')
  const { timeline } = harness.stores
  const roomReads: string[] = []
  const reads = new EventEmitter()
  const incompleteTimeline = {
    ...timeline,
    readChanges: async (...query: Parameters<typeof timeline.readChanges>) => {
      const [event_id, audiences] = query
      if (audiences !== null) return timeline.readChanges(...query)
      roomReads.push(event_id)
      reads.emit(event_id)
      return event_id === 'gone' ? undefined : timeline.readChanges(...query)
    },
  }
  const node = await harness.startNode({
    stores: { timeline: incompleteTimeline },
    limits: { compareIntervalMs: 3_600_000 },
  })
  const client = await node.connect(await harness.signIn('alice'))
  for (const event_id of ['gone', 'kept']) await client.subscribe(event_id)
  // The room of `kept` waits as long as a second read of `gone` would wait, but begins later.
  for (const event_id of ['gone', 'kept']) {
    const read = once(reads, event_id)
    harness.hints.bus.publish({ event_id, first_seq: 9, seq: 9, rows: [] })
    await read
    await client.readUntilPong()
  }
  t.same(roomReads, ['gone', 'kept'])
})

t.test('[TRUST2] unsigned changes cause a read of the room, and many of them only one more read', async (t) => {
  const harness = createSocketHarness(t)
  await harness.createEvent('e1')
  const node = await harness.startNode({ limits: { compareIntervalMs: 60_000 } })
  const client = await node.connect(await harness.signIn('alice'))
  await client.subscribe('e1')
  await harness.postMessage('e1', 'stored', { isPublished: false })
  // A node decodes a change without a signature as this hint.
  for (let n = 0; n < 200; n += 1) harness.hints.feed('unsigned').publishHint('e1', { type: 'read_again' })
  t.match(await client.next('message'), { seq: 1, message: { message_content: { content: 'stored' } } })
  await client.readUntilPong()
  t.ok(node.metrics.catch_ups_total <= 2, 'the hints that arrive during the first read cause one more read')
})

t.test('[WS4] a change whose hint was lost is found by comparing the rooms with MySQL', async (t) => {
  const harness = createSocketHarness(t)
  await harness.createEvent('e1')
  const client = await (await harness.startNode({ limits: { compareIntervalMs: 50 } })).connect(
    await harness.signIn('alice'),
  )
  await client.subscribe('e1')
  harness.hints.lose('changes')
  await harness.postMessage('e1', 'without a hint')
  await harness.stores.events.update('e1', { event_status: 'processing' }, { user_id: 'captain', role: 'agent' })
  t.match(await client.next('message'), { seq: 1, message: { message_content: { content: 'without a hint' } } })
  t.match(await client.next('event'), { seq: 2, event: { event_status: 'processing' } })
})

t.test('[WS4] after a gap in the stream of hints, all rooms are compared with MySQL immediately', async (t) => {
  const harness = createSocketHarness(t)
  await harness.createEvent('e1')
  const client = await (await harness.startNode({ limits: { compareIntervalMs: 3_600_000 } })).connect(
    await harness.signIn('alice'),
  )
  await client.subscribe('e1')
  harness.hints.lose('changes')
  await harness.postMessage('e1', 'without a hint')
  harness.hints.reconnect()
  t.match(await client.next('message'), { seq: 1 })
})

t.test(
  '[WS5] a change that comes while a subscription reads the room is sent once, after the `subscribed` frame',
  async (t) => {
    const harness = createSocketHarness(t)
    await harness.createEvent('e1')
    await harness.postMessage('e1', 'first')
    const { timeline } = harness.stores
    const racingTimeline = {
      ...timeline,
      readPage: async (...query: Parameters<typeof timeline.readPage>) => {
        await harness.postMessage('e1', 'before the read')
        const page = await timeline.readPage(...query)
        await harness.postMessage('e1', 'after the read')
        return page
      },
    }
    const node = await harness.startNode({ stores: { timeline: racingTimeline } })
    const client = await node.connect(await harness.signIn('alice'))
    const subscribed = await client.subscribe('e1')
    await client.next('message', ({ seq }) => seq === 3)
    await client.readUntilPong()
    t.equal(subscribed.seq, 2)
    t.same(
      subscribed.messages.map(({ seq }) => seq),
      [1, 2],
    )
    t.same(
      client.listFrames('message').map(({ seq }) => seq),
      [3],
    )
  },
)

t.test('[WS5] if too many changes come while a subscription reads the room, the room is read again', async (t) => {
  const harness = createSocketHarness(t)
  await harness.createEvent('e1')
  const { timeline } = harness.stores
  let reads = 0
  const racingTimeline = {
    ...timeline,
    readPage: async (...query: Parameters<typeof timeline.readPage>) => {
      const page = await timeline.readPage(...query)
      reads += 1
      if (reads === 1) for (let n = 1; n <= 10; n += 1) await harness.postMessage('e1', `n${n}`)
      return page
    },
  }
  const node = await harness.startNode({ stores: { timeline: racingTimeline }, limits: { maxQueuedDeliveries: 5 } })
  const client = await node.connect(await harness.signIn('alice'))
  t.match(await client.subscribe('e1'), { seq: 10 })
  t.equal(reads, 2)
  await harness.postMessage('e1', 'next')
  t.match(await client.next('message'), { seq: 11 })
})

t.test(
  '[WS6] a heartbeat sends a cursor if the room has a higher sequence number than this socket has received',
  async (t) => {
    const harness = createSocketHarness(t)
    const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
    await harness.createEvent('e1')
    const node = await harness.startNode({ limits: { heartbeatMs: 200 } })
    const [aliceClient, bobClient] = [await node.connect(alice), await node.connect(bob)]
    await aliceClient.subscribe('e1')
    await bobClient.subscribe('e1')
    await harness.askQuestion('e1', alice) // The question and its reply take one sequence number each.
    t.match(await bobClient.next('cursor'), { event_id: 'e1', seq: 2 })
    t.same(bobClient.listFrames('message'), [], 'bob gets no message of the private chat')
    await harness.postMessage('e1', 'for all')
    await bobClient.next('message')
    await harness.askQuestion('e1', alice)
    t.match(await bobClient.next('cursor'), { seq: 5 })
    t.same(
      bobClient.listFrames('cursor').map(({ seq }) => seq),
      [2, 5],
    )
    t.same(aliceClient.listFrames('cursor'), [], 'a socket that got the rows needs no cursor')
  },
)

t.test(
  '[WS7] if the sequence number in MySQL has become lower, clients read the room from the beginning',
  async (t) => {
    const harness = createSocketHarness(t)
    await harness.createEvent('e1')
    await harness.postMessage('e1', 'one')
    await harness.postMessage('e1', 'two')
    const node = await harness.startNode({ limits: { compareIntervalMs: 50 } })
    const client = await node.connect(await harness.signIn('alice'))
    await client.subscribe('e1')
    const room = harness.stores.data.rooms.get('e1')
    // MySQL is like this after an older backup was restored.
    if (room) {
      room.event = { ...room.event, seq: 1 }
      room.rows.pop()
    }
    t.match(await client.closed, { code: 1012 })
    const reconnected = await node.connect(await harness.signIn('alice'))
    const subscribed = await reconnected.subscribe('e1', 2)
    t.match(subscribed, { seq: 1, reset: true })
    t.same(
      subscribed.messages.map(({ seq }) => seq),
      [1],
    )
  },
)
