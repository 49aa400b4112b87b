import { randomUUID } from 'node:crypto'
import { setImmediate as waitForNextTurn } from 'node:timers/promises'
import { MAX_MESSAGE_JSON_BYTES, MAX_SUBSCRIBED_BYTES } from '@engineer-chat/protocol'
import t from 'tap'
import type { SocketClient } from './socket-client.ts'
import { type AskedIds, createSocketHarness, type SignedInUser } from './socket-harness.ts'

t.test('[WS13] with `last_seq`, a client gets every row that has changed since then and that it may see', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
  await harness.createEvent('e1')
  const node = await harness.startNode()
  await harness.postMessage('e1', 'seen')
  const { reply_id } = await harness.askQuestion('e1', alice)
  const client = await node.connect(alice)
  const { seq } = await client.subscribe('e1')
  await client.close()
  await harness.finishReply(await harness.claimReply(reply_id), 'answer')
  await harness.askQuestion('e1', bob)
  await harness.postMessage('e1', 'unseen')
  const resumed = await (await node.connect(alice)).subscribe('e1', seq)
  // `has_more` says that the room has older messages. The client got them before it was closed.
  t.match(resumed, { reset: false, has_more: true, seq: 7 })
  // The private question of Bob and its reply have the numbers 5 and 6.
  t.same(
    resumed.messages.map((message) => [message.seq, message.message_content.content]),
    [
      [4, 'answer'],
      [7, 'unseen'],
    ],
  )
  const upToDate = await (await node.connect(alice)).subscribe('e1', 7)
  t.match(upToDate, { reset: false, seq: 7 })
  t.same(upToDate.messages, [])
})

t.test('[WS13] a client too far behind or ahead of the room gets the newest page, with `reset`', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  for (let n = 1; n <= 80; n += 1) await harness.postMessage('e1', `n${n}`)
  const node = await harness.startNode({ limits: { resumeRows: 60 } })
  const client = await node.connect(alice)
  const subscribedBehind = await client.subscribe('e1', 19) // The client lacks 61 rows, one too many.
  t.match(subscribedBehind, { reset: true, has_more: true, seq: 80 })
  t.same(
    subscribedBehind.messages.map(({ position }) => position),
    Array.from({ length: 50 }, (_, n) => n + 31),
    'a page has 50 messages',
  )
  t.equal((await client.subscribe('e1', 20)).messages.length, 60)
  t.match(await client.subscribe('e1', 81), { reset: true, seq: 80 })
})

t.test('[WS13] the rows of a resumed subscription have at most `resumeBytes` bytes in UTF-8', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  for (let n = 1; n <= 10; n += 1) await harness.postMessage('e1', '汉'.repeat(1_000))
  const client = await (await harness.startNode()).connect(alice)
  const { messages } = await client.subscribe('e1', 1)
  const rowBytes = messages.reduce((total, message) => total + Buffer.byteLength(JSON.stringify(message)), 0)
  const resumeWithLimit = async (resumeBytes: number) =>
    (await (await harness.startNode({ limits: { resumeBytes } })).connect(alice)).subscribe('e1', 1)
  t.match(await resumeWithLimit(rowBytes), { reset: false, seq: 10 })
  t.match(await resumeWithLimit(rowBytes - 1), { reset: true, seq: 10 })
})

t.test(
  '[WS14] rows beyond 1 MiB are sent in further frames, before newer changes, and a client can resume after each frame',
  async (t) => {
    const harness = createSocketHarness(t)
    const alice = await harness.signIn('alice')
    await harness.createEvent('e1')
    for (let n = 1; n <= 40; n += 1) await harness.postMessage('e1', 'x'.repeat(60_000))
    const { timeline } = harness.stores
    // Directly after a subscription has read, a newer message is posted. It must arrive after all rows of the read.
    const postNewer = () => harness.postMessage('e1', 'newer')
    const node = await harness.startNode({
      stores: {
        timeline: {
          ...timeline,
          // A subscription without `last_seq` reads the newest page.
          readPage: async (...query) => {
            const page = await timeline.readPage(...query)
            await postNewer()
            return page
          },
          readChanges: async (event_id, audiences, ...range) => {
            const found = await timeline.readChanges(event_id, audiences, ...range)
            // The room itself reads with `null` or an empty list, and a subscription reads with its user's audiences.
            const isForSubscription = audiences !== null && audiences.length > 0
            if (isForSubscription) await postNewer()
            return found
          },
        },
      },
    })
    for (const last_seq of [undefined, 0]) {
      const client = await node.connect(alice)
      const subscribed = await client.subscribe('e1', last_seq)
      const newestSeq = harness.stores.data.rooms.get('e1')?.event.seq ?? 0
      await harness.postMessage('e1', 'last')
      await client.next('message', ({ seq }) => seq === newestSeq + 1)
      t.ok(Buffer.byteLength(JSON.stringify(subscribed)) <= MAX_SUBSCRIBED_BYTES)
      t.ok(
        subscribed.messages.length > 10 && subscribed.messages.length < 20,
        'the frame is filled, but not with all rows',
      )
      t.equal(
        subscribed.seq,
        subscribed.messages.at(-1)?.seq,
        'a client that is disconnected here resumes from this number',
      )
      const seqs = [...subscribed.messages.map(({ seq }) => seq), ...client.listFrames('message').map(({ seq }) => seq)]
      t.same(
        seqs,
        Array.from({ length: newestSeq + 1 }, (_, n) => n + 1),
        'in order, without a gap',
      )
      await client.close()
    }
  },
)

t.test('[WS15] a message over 64 KiB is truncated between two characters, and its JSON stays valid', async (t) => {
  const harness = createSocketHarness(t)
  await harness.createEvent('e1')
  const client = await (await harness.startNode()).connect(await harness.signIn('alice'))
  await client.subscribe('e1')
  const texts = ['x'.repeat(70_000), '😀'.repeat(20_000), '"\n\u0001\\'.repeat(12_000), 'ü'.repeat(40_000)]
  for (const text of texts) {
    await harness.postMessage('e1', text)
    const { message } = await client.next('message')
    t.equal(message.truncated, true)
    t.ok(text.startsWith(message.message_content.content))
    t.ok(message.message_content.content.isWellFormed())
    const bytes = Buffer.byteLength(JSON.stringify(message))
    // At most a few bytes of the message stay free, too few for the next character.
    t.ok(bytes <= MAX_MESSAGE_JSON_BYTES && bytes > MAX_MESSAGE_JSON_BYTES - 16, `${bytes} bytes`)
  }
  await harness.postMessage('e1', 'x'.repeat(60_000))
  t.equal((await client.next('message')).message.truncated, undefined)
  const resubscribed = await client.subscribe('e1', 0)
  t.same(
    resubscribed.messages.map(({ truncated }) => truncated),
    [true, true, true, true, undefined],
  )
})

t.test('[INDICATOR4] a truncated message has only the indicators that are complete in its text', async (t) => {
  const harness = createSocketHarness(t)
  await harness.createEvent('e1')
  const client = await (await harness.startNode()).connect(await harness.signIn('alice'))
  await client.subscribe('e1')
  const longIndicator = 'bad.example.'.repeat(8_000) // It is longer than a message may be.
  await harness.postMessage('e1', `evil.example ${longIndicator}`)
  const { message } = await client.next('message')
  t.equal(message.truncated, true)
  t.same(message.indicators, [{ start: 0, end: 12, type: 'domain', value: 'evil.example' }])
  t.ok(Buffer.byteLength(JSON.stringify(message)) <= MAX_MESSAGE_JSON_BYTES)
})

t.test(
  '[WS16] after changes, disconnects and lost hints, the rows of a client are equal to those in MySQL',
  async (t) => {
    const harness = createSocketHarness(t)
    const users = [await harness.signIn('alice'), await harness.signIn('bob'), await harness.signIn('captain', 'agent')]
    await harness.createEvent('e1')
    const nodes = [await harness.startNode(QUICK_INTERVALS), await harness.startNode(QUICK_INTERVALS)]
    const questions: Array<AskedIds & { asker: string }> = []
    const random = createRandomSource(20_261_122)
    const pickRandom = <T>(items: T[]): T => items[Math.floor(random() * items.length)] as T

    const runRandomAction = async () => {
      const draw = random()
      if (draw < 0.3) await harness.postMessage('e1', randomUUID())
      else if (draw < 0.5) {
        const asker = pickRandom(users.slice(0, 2)) // The third user is an agent.
        const ids = await harness.askQuestion('e1', asker)
        questions.push({ ...ids, asker: asker.user_id })
      } else if (draw < 0.7 && questions.length > 0) {
        const { reply_id } = pickRandom(questions)
        const claim = await harness.stores.replies.claim(reply_id, 0) // The lease ends at once.
        if (claim) await harness.finishReply(claim, randomUUID())
      } else if (draw < 0.75 && questions.length > 0) {
        const { reply_id, asker } = pickRandom(questions)
        const { change } = await harness.stores.messages.retry(asker, reply_id)
        if (change) harness.hints.bus.publish(change)
      } else if (draw < 0.8 && questions.length > 0) {
        const { session_id, asker } = pickRandom(questions)
        const { change } = await harness.stores.messages.share(asker, session_id)
        if (change) harness.hints.bus.publish(change)
        // Without a new private session, the asker's next question would belong to the shared one.
        const newSession = { session_id: `chat_${randomUUID()}`, event_id: 'e1', user_id: asker, max_rounds: 1_000 }
        await harness.stores.sessions.create({ ...newSession, visibility: 'private' })
      } else if (draw < 0.9) {
        const { change } = await harness.stores.events.update(
          'e1',
          { event_name: randomUUID() },
          { user_id: 'alice', role: 'engineer' },
        )
        if (change) harness.hints.bus.publish(change)
      } else if (draw < 0.95) harness.hints.lose('changes')
      else harness.hints.stopLosses()
    }

    const followers = users.map((user) => createFollower(user, () => pickRandom(nodes).connect(user)))
    for (let step = 0; step < 600; step += 1) {
      await runRandomAction()
      if (random() < 0.5) await waitForNextTurn()
      if (random() < 0.15) await pickRandom(followers).reconnect({ isAbrupt: random() < 0.5 })
    }
    harness.hints.stopLosses()
    const { seq } = (await harness.postMessage('e1', 'the end')).row.message
    for (const follower of followers) {
      await follower.reconnectAndWaitFor(seq)
      const audiences = follower.user.user_id === 'captain' ? ['all'] : ['all', 'people', follower.user.user_id]
      const stored = await harness.stores.timeline.readChanges('e1', audiences, 0, 10_000)
      const storedRows = new Map(stored?.rows.map(({ message }) => [message.message_id, message]))
      t.same(
        [...follower.rows.keys()].sort(),
        [...storedRows.keys()].sort(),
        `${follower.user.user_id} has every row and no other`,
      )
      for (const [id, message] of storedRows)
        if (follower.rows.get(id)?.seq !== message.seq) t.fail(`${id} is not the latest`)
      t.equal(follower.eventName, stored?.event.event_name)
      t.ok(follower.isInOrder, 'sequence numbers never decrease on one socket')
    }
  },
)

/** A node compares rooms every 40 ms. The limits of rows and connections are too high to be reached. */
const QUICK_INTERVALS = {
  limits: { compareIntervalMs: 40, heartbeatMs: 60, resumeRows: 10_000, connectionsPerUser: 1_000 },
}

/**
 * Creates a client that keeps the rows that it receives. Each `reconnect` opens a new socket, which resumes from the
 * highest sequence number.
 */
function createFollower(user: SignedInUser, connect: () => Promise<SocketClient>) {
  const rows = new Map<string, { seq: number }>()
  let lastSeq: number | undefined
  let current: SocketClient | undefined
  const follower = {
    user,
    rows,
    eventName: '',
    isInOrder: true,
    async reconnect({ isAbrupt = false } = {}) {
      if (isAbrupt) current?.socket.terminate()
      else current?.socket.close()
      current?.socket.removeAllListeners('message')
      const newClient = await connect()
      current = newClient
      let previousSeq = -1
      const recordSeq = (seq: number) => {
        if (seq < previousSeq) follower.isInOrder = false
        previousSeq = seq
        lastSeq = Math.max(lastSeq ?? 0, seq)
      }
      const storeRow = (message: { message_id: string; seq: number }) => {
        if ((rows.get(message.message_id)?.seq ?? -1) < message.seq) rows.set(message.message_id, message)
      }
      newClient.socket.on('message', (data) => {
        const frame = JSON.parse(String(data))
        if (frame.type === 'subscribed') {
          if (frame.reset) rows.clear()
          for (const message of frame.messages) storeRow(message)
        }
        if (frame.type === 'message') storeRow(frame.message)
        if (frame.event) follower.eventName = frame.event.event_name
        if (frame.seq !== undefined) recordSeq(frame.seq)
      })
      newClient.send({ type: 'subscribe', event_id: 'e1', last_seq: lastSeq ?? 0 })
    },
    /** Reconnects first, because a follower has no socket before its first `reconnect`. */
    async reconnectAndWaitFor(seq: number) {
      await follower.reconnect()
      await current?.next('subscribed')
      if ((lastSeq ?? 0) >= seq) return
      // The row with this seq, or a `cursor`, shows that the follower now has every row up to it that it may see.
      const cursor = current?.next('cursor', (frame) => frame.seq >= seq)
      const message = current?.next('message', (frame) => frame.seq >= seq)
      await Promise.race([cursor, message])
    },
  }
  return follower
}

/** Returns a function that draws numbers from 0 to below 1, the same ones in each run (mulberry32). */
function createRandomSource(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
