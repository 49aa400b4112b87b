import t, { type Test } from 'tap'
import { pickBackoffMs } from '../src/backoff.ts'
import {
  createClient,
  openSocket,
  type Room,
  type RoomState,
  type SocketOptions,
  type SocketState,
} from '../src/index.ts'
import { AsyncQueue } from './async-queue.ts'
import { type FakeResponse, type Peer, type ReceivedRequest, startFakeServer } from './fake-server.ts'
import {
  alice,
  createDelta,
  createHello,
  createMessage,
  createMessageChanged,
  createProblem,
  createSignInResponder,
  createSubscribed,
  createThinkingReply,
  ROOM,
} from './sample-data.ts'

async function connectSocket(
  t: Test,
  options: SocketOptions & {
    expires_in?: number
    answer?: (request: ReceivedRequest) => FakeResponse | undefined
  } = {},
) {
  const signIn = createSignInResponder(options.expires_in)
  const server = await startFakeServer((request) => options.answer?.(request) ?? signIn(request) ?? { status: 204 })
  const client = createClient({ baseUrl: server.baseUrl })
  await client.login('alice', 'a-password')
  const socket = openSocket(client, { backoff: { firstMaxMs: 1, maxMs: 4 }, ...options })
  t.teardown(async () => {
    socket.close()
    await server.close()
  })
  const states = new AsyncQueue<SocketState>()
  socket.on('state', (state) => states.put(state))
  const acceptPeer = async (heartbeatMs?: number): Promise<Peer> => {
    const peer = await server.peers.next()
    peer.send(createHello(heartbeatMs))
    return peer
  }
  const listRequests = (path: string) => server.requests.filter((request) => request.path === path)
  return { server, client, socket, states, acceptPeer, listRequests }
}

/** Waits until the state of the room has this property. */
const waitForState = (room: Room, hasProperty: (state: RoomState) => boolean): Promise<RoomState> =>
  new Promise((resolve) => {
    const check = () => {
      if (!hasProperty(room.state)) return
      unsubscribe()
      resolve(room.state)
    }
    const unsubscribe = room.on('change', check)
    check()
  })

/** Takes states from the queue until one of them is the expected one. */
async function waitForSocketState(states: AsyncQueue<SocketState>, expected: SocketState): Promise<void> {
  while (true) if ((await states.next()) === expected) return
}

t.test('[CLIENT8] after a cut each room resumes where it was, over a connection with a new ticket', async (t) => {
  const { socket, acceptPeer } = await connectSocket(t)
  const room = socket.openRoom(ROOM)
  const firstPeer = await acceptPeer()
  t.strictSame(await firstPeer.frames.next(), { type: 'subscribe', event_id: ROOM })
  firstPeer.send(createSubscribed(1, [createMessage(1)]), createMessageChanged(createMessage(2)))
  await waitForState(room, ({ lastSeq }) => lastSeq === 2)
  firstPeer.cut()

  const secondPeer = await acceptPeer()
  t.strictSame(await secondPeer.frames.next(), { type: 'subscribe', event_id: ROOM, last_seq: 2 })
  t.strictSame([firstPeer.ticket, secondPeer.ticket], ['ticket-1', 'ticket-2'])
  secondPeer.send(createSubscribed(4, [createMessage(3), createMessage(4)], { reset: false }))
  t.strictSame(
    (await waitForState(room, ({ lastSeq }) => lastSeq === 4)).messages.map(({ position }) => position),
    [1, 2, 3, 4],
  )
})

t.test('[CLIENT8] after a frame that cannot be parsed, the room resumes before it and misses no change', async (t) => {
  for (const text of ['{"type":"message","event_id":', 'null']) {
    const { socket, acceptPeer } = await connectSocket(t)
    const room = socket.openRoom(ROOM)
    const firstPeer = await acceptPeer()
    await firstPeer.frames.next()
    firstPeer.send(createSubscribed(1, [createMessage(1)]))
    firstPeer.sendText(text)
    firstPeer.send(createMessageChanged(createMessage(3)))
    await firstPeer.closed

    const secondPeer = await acceptPeer()
    t.strictSame(await secondPeer.frames.next(), { type: 'subscribe', event_id: ROOM, last_seq: 1 })
    secondPeer.send(createSubscribed(3, [createMessage(2), createMessage(3)], { reset: false }))
    await waitForState(room, ({ lastSeq }) => lastSeq === 3)
    t.strictSame(
      room.state.messages.map(({ position }) => position),
      [1, 2, 3],
    )
  }
})

t.test(
  '[CLIENT8] the socket reconnects after a connection is lost, closed or sends no hello, and after a ticket is refused',
  async (t) => {
    let tickets = 0
    const { socket, acceptPeer, server } = await connectSocket(t, {
      helloTimeoutMs: 300, // A busy machine needs more than the few milliseconds that a hello takes.
      answer: ({ path }) => {
        if (path !== '/api/auth/ws-ticket') return undefined
        tickets += 1
        if (tickets % 3 === 1) return { status: 503, body: createProblem(503, 'unavailable') }
        return tickets % 3 === 2 ? { status: 500, body: 'broken' } : undefined
      },
    })
    socket.openRoom(ROOM)
    for (let connection = 0; connection < 12; connection += 1) {
      const peer = await server.peers.next()
      if (connection % 3 === 0) peer.cut()
      else if (connection % 3 === 1) peer.close(1011) // Every third peer stays open and never sends `hello`.
    }
    const peer = await acceptPeer()
    t.match(await peer.frames.next(), { type: 'subscribe' })
    t.ok(tickets >= 39, 'each of 13 connections needed two refused ticket requests and one granted')
  },
)

t.test('[CLIENT8] the limit of the random wait doubles with each failure, up to a maximum', async (t) => {
  const backoff = { firstMaxMs: 1, maxMs: 8, random: () => 1 }
  const limitsMs = [0, 1, 2, 3, 4].map((earlierFailures) => pickBackoffMs(backoff, earlierFailures))
  t.strictSame(limitsMs, [1, 2, 4, 8, 8])

  let lastWaitMs = 0
  const { socket, server } = await connectSocket(t, {
    backoff,
    answer: ({ path }) =>
      path === '/api/auth/ws-ticket' ? { status: 503, body: createProblem(503, 'unavailable') } : undefined,
  })
  const connectTimes = new AsyncQueue<number>()
  socket.on('state', (state) => state === 'connecting' && connectTimes.put(Date.now()))
  let previousConnectMs = await connectTimes.next()
  for (let failure = 0; failure < 5; failure += 1) {
    const connectMs = await connectTimes.next()
    lastWaitMs = connectMs - previousConnectMs
    previousConnectMs = connectMs
  }
  t.ok(lastWaitMs >= 7, 'the last wait is 8 ms, and a clock may show one less')
  t.equal(server.peers.putCount, 0)
})

t.test('[CLIENT8] the wait also grows if tickets are granted, but no connection comes to its hello', async (t) => {
  const { server, socket } = await connectSocket(t, { backoff: { firstMaxMs: 1, maxMs: 16, random: () => 1 } })
  const waitsMs = new AsyncQueue<number>()
  let waitingSinceMs = 0
  socket.on('state', (state) => {
    if (state === 'waiting') waitingSinceMs = performance.now()
    if (state === 'connecting') waitsMs.put(performance.now() - waitingSinceMs)
  })
  for (let failure = 0; failure < 5; failure += 1) {
    const peer = await server.peers.next()
    peer.cut()
    const waitMs = await waitsMs.next()
    if (failure === 4) t.ok(waitMs >= 15, 'the limit has doubled four times')
  }
})

t.test('[CLIENT9] after a goaway the socket reconnects at the time that the server named', async (t) => {
  const { acceptPeer, socket, states } = await connectSocket(t, {
    backoff: { firstMaxMs: 60_000, maxMs: 60_000, random: () => 1 },
  })
  const room = socket.openRoom(ROOM)
  const firstPeer = await acceptPeer()
  firstPeer.send(createSubscribed(3), { type: 'goaway', reason: 'restart', reconnect_after_ms: 30 })
  firstPeer.close(1012)
  const secondPeer = await acceptPeer()
  secondPeer.send(createSubscribed(5, [], { reset: false }))
  await waitForState(room, ({ lastSeq }) => lastSeq === 5)
  t.strictSame(
    [await states.next(), await states.next(), await states.next(), await states.next()],
    ['open', 'waiting', 'connecting', 'open'],
  )
})

t.test(
  '[CLIENT9] after a goaway the old connection is closed at the named time, even if the server keeps it open',
  async (t) => {
    const { acceptPeer } = await connectSocket(t, { backoff: { firstMaxMs: 60_000, maxMs: 60_000 } })
    const firstPeer = await acceptPeer()
    firstPeer.send({ type: 'goaway', reason: 'restart', reconnect_after_ms: 5 })
    await acceptPeer()
    t.type(await firstPeer.closed, 'number')
  },
)

t.test(
  '[CLIENT9] if the reconnect after a goaway fails, `lostAtMs` says when the old connection was closed',
  async (t) => {
    let isUnavailable = false
    const { acceptPeer, socket, states } = await connectSocket(t, {
      answer: ({ path }) =>
        isUnavailable && path === '/api/auth/ws-ticket'
          ? { status: 503, body: createProblem(503, 'unavailable') }
          : undefined,
    })
    const peer = await acceptPeer()
    await waitForSocketState(states, 'open')
    t.equal(socket.lostAtMs, null)
    isUnavailable = true
    peer.send({ type: 'goaway', reason: 'restart', reconnect_after_ms: 5 })
    await waitForSocketState(states, 'waiting')
    t.type(socket.lostAtMs, 'number')
  },
)

t.test('[CLIENT10] after a close with 4401 the socket refreshes the sign-in and reconnects', async (t) => {
  const { acceptPeer, listRequests } = await connectSocket(t)
  ;(await acceptPeer()).close(4401)
  await acceptPeer()
  t.equal(listRequests('/api/auth/refresh').length, 1)
})

t.test('[CLIENT10] if the refresh is refused, the socket is signed out and waits for a new login', async (t) => {
  let isSignInOver = false
  const { acceptPeer, client, socket, states } = await connectSocket(t, {
    answer: ({ path }) =>
      isSignInOver && path !== '/api/auth/login'
        ? { status: 401, body: createProblem(401, 'unauthorized') }
        : undefined,
  })
  const peer = await acceptPeer()
  isSignInOver = true
  peer.close(4401)
  const seenStates: SocketState[] = []
  while (seenStates.at(-1) !== 'signed_out') seenStates.push(await states.next())
  t.strictSame(seenStates, ['open', 'connecting', 'signed_out'])
  isSignInOver = false
  await client.login('alice', 'a-password')
  socket.connectNow()
  await acceptPeer()
  t.equal(socket.state, 'connecting')
})

t.test('[CLIENT11] a connection that does not answer a ping is closed, and one that answers stays open', async (t) => {
  const { acceptPeer, server } = await connectSocket(t)
  const peer = await acceptPeer(60)
  for (let heartbeat = 0; heartbeat < 3; heartbeat += 1) {
    t.strictSame(await peer.frames.next(), { type: 'ping' })
    peer.send({ type: 'pong' })
  }
  t.equal(server.peers.putCount, 1, 'the client has connected once; from here on the peer answers no ping')
  await acceptPeer()
  t.equal(server.peers.putCount, 2)
})

t.test(
  '[CLIENT19] a silent server gets a ping while the page is visible, and without an answer the connection is closed',
  async (t) => {
    let isEnabled = true
    const { acceptPeer, socket, states } = await connectSocket(t, {
      silenceProbe: { pingAfterMs: 40, isEnabled: () => isEnabled },
    })
    const startedAtMs = Date.now()
    const peer = await acceptPeer()
    for (let probe = 0; probe < 3; probe += 1) {
      t.strictSame(await peer.frames.next(), { type: 'ping' })
      t.equal(socket.lostAtMs, null)
      peer.send({ type: 'pong' })
    }
    await waitForSocketState(states, 'waiting')
    const { lostAtMs } = socket
    t.ok(
      lostAtMs !== null && lostAtMs >= startedAtMs && lostAtMs <= Date.now() - 40,
      'the connection counts as lost since its last frame',
    )
    isEnabled = false
    const hiddenPagePeer = await acceptPeer()
    hiddenPagePeer.send({ type: 'goaway', reason: 'shutdown', reconnect_after_ms: 200 })
    await acceptPeer()
    t.equal(hiddenPagePeer.frames.putCount, 0, 'the socket of a hidden page sends no ping')
  },
)

t.test('[CLIENT19] a dropped connection is closed immediately, and the socket reconnects', async (t) => {
  const { acceptPeer, socket, states } = await connectSocket(t)
  const peer = await acceptPeer()
  await waitForSocketState(states, 'open')
  socket.dropConnection()
  t.equal(socket.state, 'waiting')
  t.ok(socket.lostAtMs)
  await peer.closed
  await acceptPeer()
  await waitForSocketState(states, 'open')
  t.equal(socket.lostAtMs, null)
})

t.test('[CLIENT12] the connection gets a new token before the old one expires, and after every refresh', async (t) => {
  const { acceptPeer, client } = await connectSocket(t, { expires_in: 0.1 })
  const peer = await acceptPeer()
  t.strictSame(await peer.frames.next(), { type: 'auth', access_token: 'token-2' })
  await client.refresh()
  const { access_token } = (await peer.frames.next()) as { access_token: string }
  t.equal(access_token, 'token-3')
})

t.test(
  '[CLIENT13] a room that is opened twice is subscribed to once, and unsubscribed when both are closed',
  async (t) => {
    const { acceptPeer, socket } = await connectSocket(t)
    const peer = await acceptPeer()
    const [firstRoom, secondRoom] = [socket.openRoom(ROOM), socket.openRoom(ROOM)]
    t.match(await peer.frames.next(), { type: 'subscribe' })
    firstRoom.sendTyping()
    t.match(await peer.frames.next(), { type: 'typing', event_id: ROOM })
    firstRoom.close()
    firstRoom.close() // A second close changes nothing.
    secondRoom.close()
    t.strictSame(await peer.frames.next(), { type: 'unsubscribe', event_id: ROOM })
    peer.send(createSubscribed(1, [createMessage(1)]))
    socket.openRoom(ROOM)
    t.strictSame(await peer.frames.next(), { type: 'subscribe', event_id: ROOM }, 'without `last_seq`')
  },
)

t.test(
  '[CLIENT13] a refused room has its refusal code, and after a transient error it is subscribed again',
  async (t) => {
    const { acceptPeer, socket } = await connectSocket(t)
    const room = socket.openRoom(ROOM)
    const peer = await acceptPeer()
    await peer.frames.next()
    peer.send({ type: 'error', code: 'unavailable', detail: 'Busy.', event_id: ROOM })
    t.match(await peer.frames.next(), { type: 'subscribe' })
    peer.send({ type: 'error', code: 'forbidden', detail: 'No more.', event_id: ROOM })
    const { refusalCode } = await waitForState(room, (state) => state.refusalCode !== null)
    t.equal(refusalCode, 'forbidden')

    socket.openRoom(ROOM)
    t.strictSame(await peer.frames.next(), { type: 'subscribe', event_id: ROOM }, 'the user may be a member by now')
    peer.send(createSubscribed(1, [createMessage(1)]))
    await waitForState(room, (state) => state.refusalCode === null)
  },
)

t.test('[CLIENT13] presence and typing reach the room', async (t) => {
  const { acceptPeer, socket } = await connectSocket(t)
  const room = socket.openRoom(ROOM)
  const typing = new AsyncQueue<string>()
  room.on('typing', (user_id) => typing.put(user_id))
  const peer = await acceptPeer()
  peer.send(
    createSubscribed(2, [createThinkingReply(2)]),
    createDelta('m-2', { attempt: 1, index: 0, text: 'a' }),
    { type: 'presence', event_id: ROOM, users: [alice.user_id], count: 1 },
    { type: 'typing', event_id: ROOM, user_id: 'u-bob' },
  )
  t.equal(await typing.next(), 'u-bob')
  t.strictSame(room.state.presentUserIds, [alice.user_id])
})
