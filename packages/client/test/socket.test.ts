import t, { type Test } from 'tap'
import { createClient, openSocket, type RoomState, type SocketOptions, type SocketState } from '../src/index.ts'
import { fakeServer, type Peer, type Received, type Reply } from './fake-server.ts'
import { Inbox } from './inbox.ts'
import {
  alice,
  changed,
  delta,
  hello,
  message,
  problem,
  ROOM,
  signInAnswers,
  subscribed,
  thinking,
} from './sample-data.ts'

async function connected(
  t: Test,
  options: SocketOptions & { expires_in?: number; answer?: (request: Received) => Reply | undefined } = {},
) {
  const signIn = signInAnswers(options.expires_in)
  const server = await fakeServer((request) => options.answer?.(request) ?? signIn(request) ?? { status: 204 })
  const client = createClient({ baseUrl: server.baseUrl })
  await client.login('alice', 'a-password')
  const socket = openSocket(client, { backoff: { firstMs: 1, maxMs: 4 }, ...options })
  t.teardown(async () => {
    socket.close()
    await server.close()
  })
  const states = new Inbox<SocketState>()
  socket.on('state', (state) => states.put(state))
  const next = async (heartbeat?: number): Promise<Peer> => {
    const peer = await server.peers.next()
    peer.tell(hello(heartbeat))
    return peer
  }
  const at = (path: string) => server.requests.filter((request) => request.path === path)
  return { server, client, socket, states, next, at }
}

const stateOf = (room: { state: RoomState; on(event: 'change', listener: (state: RoomState) => void): () => void }) =>
  function until(holds: (state: RoomState) => boolean): Promise<RoomState> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds(room.state)) return
        unlisten()
        resolve(room.state)
      }
      const unlisten = room.on('change', look)
      look()
    })
  }

t.test('[CLIENT8] after a cut each room goes on where it was, with a ticket of its own', async (t) => {
  const { socket, next } = await connected(t)
  const room = socket.openRoom(ROOM)
  const until = stateOf(room)
  const first = await next()
  t.strictSame(await first.frames.next(), { type: 'subscribe', event_id: ROOM })
  first.tell(subscribed(1, [message(1)]), changed(message(2)))
  await until(({ lastSeq }) => lastSeq === 2)
  first.cut()

  const second = await next()
  t.strictSame(await second.frames.next(), { type: 'subscribe', event_id: ROOM, last_seq: 2 })
  t.strictSame([first.ticket, second.ticket], ['ticket-1', 'ticket-2'])
  second.tell(subscribed(4, [message(3), message(4)], false))
  t.strictSame(
    (await until(({ lastSeq }) => lastSeq === 4)).messages.map(({ position }) => position),
    [1, 2, 3, 4],
  )
})

t.test(
  '[CLIENT8] it never gives up: refused, cut and unanswered connections are tried again, tickets too',
  async (t) => {
    let tickets = 0
    const { socket, next, server } = await connected(t, {
      helloTimeoutMs: 300, // A busy machine needs more than the few milliseconds that a hello takes.
      answer: ({ path }) => {
        if (path !== '/api/auth/ws-ticket') return undefined
        tickets += 1
        if (tickets % 3 === 1) return { status: 503, body: problem(503, 'unavailable') }
        return tickets % 3 === 2 ? { status: 500, body: 'broken' } : undefined
      },
    })
    socket.openRoom(ROOM)
    for (let round = 0; round < 12; round += 1) {
      const peer = await server.peers.next()
      if (round % 3 === 0) peer.cut()
      else if (round % 3 === 1) peer.close(1011) // The third kind never sends `hello`.
    }
    const peer = await next()
    t.match(await peer.frames.next(), { type: 'subscribe' })
    t.ok(tickets >= 39, 'each of 13 connections took a ticket after two failures')
  },
)

t.test('[CLIENT8] waits are anything up to a limit that doubles', async (t) => {
  const limits: number[] = []
  const waits = { firstMs: 1, maxMs: 8, random: () => 1 }
  const { socket, server } = await connected(t, {
    backoff: waits,
    answer: ({ path }) =>
      path === '/api/auth/ws-ticket' ? { status: 503, body: problem(503, 'unavailable') } : undefined,
  })
  const tried = new Inbox<number>()
  socket.on('state', (state) => state === 'connecting' && tried.put(Date.now()))
  let before = await tried.next()
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const now = await tried.next()
    limits.push(now - before)
    before = now
  }
  t.ok(limits.slice(-1).every((ms) => ms >= 7))
  t.equal(server.peers.count, 0)
})

t.test('[CLIENT9] told to go away, it comes back when it was told to', async (t) => {
  const { next, socket, states } = await connected(t, { backoff: { firstMs: 60_000, maxMs: 60_000, random: () => 1 } })
  const room = socket.openRoom(ROOM)
  const first = await next()
  first.tell(subscribed(3), { type: 'goaway', reason: 'restart', reconnect_after_ms: 30 })
  first.close(1012)
  const second = await next()
  second.tell(subscribed(5, [], false))
  await stateOf(room)(({ lastSeq }) => lastSeq === 5)
  t.strictSame(
    [await states.next(), await states.next(), await states.next(), await states.next()],
    ['open', 'waiting', 'connecting', 'open'],
  )
})

t.test('[CLIENT9] the old connection is left when its time has come, closed or not', async (t) => {
  const { next } = await connected(t, { backoff: { firstMs: 60_000, maxMs: 60_000 } })
  const first = await next()
  first.tell({ type: 'goaway', reason: 'restart', reconnect_after_ms: 5 })
  await next()
  t.type(await first.closed, 'number')
})

t.test('[CLIENT10] closed as no longer signed in, it refreshes and comes back', async (t) => {
  const { next, at } = await connected(t)
  ;(await next()).close(4401)
  await next()
  t.equal(at('/api/auth/refresh').length, 1)
})

t.test('[CLIENT10] with nothing to refresh it says so and waits for a new sign-in', async (t) => {
  let over = false
  const { next, client, socket, states } = await connected(t, {
    answer: ({ path }) =>
      over && path !== '/api/auth/login' ? { status: 401, body: problem(401, 'unauthorized') } : undefined,
  })
  const peer = await next()
  over = true
  peer.close(4401)
  const seen: SocketState[] = []
  while (seen.at(-1) !== 'signed_out') seen.push(await states.next())
  t.strictSame(seen, ['open', 'connecting', 'signed_out'])
  over = false
  await client.login('alice', 'a-password')
  socket.reconnect()
  await next()
  t.equal(socket.state, 'connecting')
})

t.test('[CLIENT11] a connection that is silent after a ping is dead, one that answers is not', async (t) => {
  const { next, server } = await connected(t)
  const alive = await next(60)
  for (let beat = 0; beat < 3; beat += 1) {
    t.strictSame(await alive.frames.next(), { type: 'ping' })
    alive.tell({ type: 'pong' })
  }
  t.equal(server.peers.count, 1, 'and now it says nothing more')
  await next()
  t.equal(server.peers.count, 2)
})

t.test('[CLIENT19] a silent server is probed while that is wanted, and is dead without an answer', async (t) => {
  let isNeeded = true
  const { next, socket, states } = await connected(t, { probe: { silentMs: 40, isNeeded: () => isNeeded } })
  const before = Date.now()
  const alive = await next()
  for (let probe = 0; probe < 3; probe += 1) {
    t.strictSame(await alive.frames.next(), { type: 'ping' })
    t.equal(socket.lostAtMs, null)
    alive.tell({ type: 'pong' })
  }
  while ((await states.next()) !== 'waiting');
  const { lostAtMs } = socket
  t.ok(lostAtMs !== null && lostAtMs >= before && lostAtMs <= Date.now() - 40, 'lost since its last frame')
  isNeeded = false
  const unseen = await next()
  unseen.tell({ type: 'goaway', reason: 'shutdown', reconnect_after_ms: 200 })
  await next()
  t.equal(unseen.frames.count, 0, 'a page that nobody sees asks nothing')
})

t.test('[CLIENT19] a socket that is told of a lost network gives its connection up, and comes back', async (t) => {
  const { next, socket, states } = await connected(t)
  const peer = await next()
  while ((await states.next()) !== 'open');
  socket.dropConnection()
  t.equal(socket.state, 'waiting')
  t.ok(socket.lostAtMs)
  await peer.closed
  await next()
  while ((await states.next()) !== 'open');
  t.equal(socket.lostAtMs, null)
})

t.test('[CLIENT12] before its token expires the connection is given a new one, and so on every refresh', async (t) => {
  const { next, client } = await connected(t, { expires_in: 0.1 })
  const peer = await next()
  t.strictSame(await peer.frames.next(), { type: 'auth', access_token: 'token-2' })
  await client.refresh()
  const { access_token } = (await peer.frames.next()) as { access_token: string }
  t.equal(access_token, 'token-3')
})

t.test('[CLIENT13] a room is subscribed to once for all who look at it, and left with the last', async (t) => {
  const { next, socket } = await connected(t)
  const peer = await next()
  const [one, two] = [socket.openRoom(ROOM), socket.openRoom(ROOM)]
  t.match(await peer.frames.next(), { type: 'subscribe' })
  one.sendTyping()
  t.match(await peer.frames.next(), { type: 'typing', event_id: ROOM })
  one.close()
  one.close()
  two.close()
  t.strictSame(await peer.frames.next(), { type: 'unsubscribe', event_id: ROOM })
  peer.tell(subscribed(1, [message(1)]))
  socket.openRoom(ROOM)
  t.strictSame(await peer.frames.next(), { type: 'subscribe', event_id: ROOM }, 'from the beginning')
})

t.test('[CLIENT13] a room that is refused is known as such, and a passing trouble is tried again', async (t) => {
  const { next, socket } = await connected(t)
  const room = socket.openRoom(ROOM)
  const peer = await next()
  await peer.frames.next()
  peer.tell({ type: 'error', code: 'unavailable', detail: 'Busy.', event_id: ROOM })
  t.match(await peer.frames.next(), { type: 'subscribe' })
  peer.tell({ type: 'error', code: 'forbidden', detail: 'No more.', event_id: ROOM })
  t.equal((await stateOf(room)(({ refusalCode }) => refusalCode !== null)).refusalCode, 'forbidden')
})

t.test('[CLIENT13] who is here and who types reaches the room', async (t) => {
  const { next, socket } = await connected(t)
  const room = socket.openRoom(ROOM)
  const typing = new Inbox<string>()
  room.on('typing', (user_id) => typing.put(user_id))
  const peer = await next()
  peer.tell(
    subscribed(2, [thinking(2)]),
    delta('m-2', 1, 0, 'a'),
    { type: 'presence', event_id: ROOM, users: [alice.user_id], count: 1 },
    { type: 'typing', event_id: ROOM, user_id: 'u-bob' },
  )
  t.equal(await typing.next(), 'u-bob')
  t.strictSame(room.state.users, [alice.user_id])
})
