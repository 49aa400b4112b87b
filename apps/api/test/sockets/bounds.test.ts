import { once } from 'node:events'
import { get } from 'node:http'
import { setTimeout as after, setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { RoomWindows } from '@engineer-chat/chat/events'
import fastify from 'fastify'
import t from 'tap'
import { WebSocket } from 'ws'
import { socketsPlugin } from '../../src/sockets/index.ts'
import { openSocketClient } from './socket-client.ts'
import { createSocketHarness, silentLog } from './socket-harness.ts'

t.test(
  '[WS24] a socket that does not read loses its deltas first, then gets a snapshot, and holds up nobody',
  async (t) => {
    const harness = createSocketHarness(t)
    const alice = await harness.signIn('alice')
    await harness.createEvent('e1')
    const node = await harness.startNode({ limits: { softBufferBytes: 128 * 1024 } })
    const [slow, quick] = [await node.connect(alice), await node.connect(alice)]
    for (const client of [slow, quick]) await client.subscribe('e1')
    const { reply } = await harness.askQuestion('e1', alice)
    await harness.claimReply(reply)
    await slow.next('message', ({ seq }) => seq === 2)
    slow.socket.pause()
    const live = harness.hints.live.open({ message_id: reply, attempt: 1 }, 'e1')
    const piece = 'x'.repeat(20_000)
    let pieces = 0
    while (node.metrics.deltas_dropped_total < 5) {
      live.append(piece)
      const index = pieces++
      await quick.next('delta', (delta) => delta.index === index)
    }
    slow.socket.resume()
    const snapshot = await slow.next('snapshot')
    t.equal(snapshot.next_index, pieces)
    t.equal(snapshot.truncated, true, 'a text over 64 KiB is shown by its head')
    live.append('the end')
    t.match(await slow.next('delta', ({ index }) => index >= pieces), { index: pieces, text: 'the end' })
    await quick.next('delta')
    t.equal(quick.listFrames('delta').length, pieces + 1)
    const seen = slow.listFrames('delta').map(({ index }) => index)
    t.same(
      seen.slice(0, -1),
      seen.slice(0, -1).map((_, n) => n),
      'a gap only where the snapshot stands',
    )
  },
)

t.test(
  '[WS25] a socket that reads nothing at all is closed with 4408 or cut; its rows are there when it is back',
  async (t) => {
    const harness = createSocketHarness(t)
    const alice = await harness.signIn('alice')
    await harness.createEvent('e1')
    const node = await harness.startNode({ limits: { hardBufferBytes: 512 * 1024, softBufferBytes: 128 * 1024 } })
    const [slow, quick] = [await node.connect(alice), await node.connect(alice)]
    for (const client of [slow, quick]) await client.subscribe('e1')
    slow.socket.pause()
    let seq = 0
    while (node.metrics.slow_closed_total === 0) {
      seq = (await harness.postMessage('e1', 'x'.repeat(60_000))).row.message.seq
      await quick.next('message', (frame) => frame.seq === seq)
    }
    t.equal(node.metrics.connections, 1)
    slow.socket.resume()
    t.ok([4408, 1006].includes((await slow.closed).code))
    const last = slow.listFrames('message').at(-1)?.seq ?? 0
    const back = await node.connect(alice)
    const { messages } = await back.subscribe('e1', last)
    const got = new Set([
      ...slow.listFrames('message').map((frame) => frame.seq),
      ...messages.map((message) => message.seq),
    ])
    while (got.size < seq) got.add((await back.next('message')).seq)
    t.equal(got.size, seq)
    await quick.readUntilPong()
  },
)

t.test('[WS26] rooms, connections and frames are counted', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
  for (const id of ['e1', 'e2', 'e3']) await harness.createEvent(id)
  const limits = { roomsPerConnection: 2, connectionsPerUser: 2, framesBurst: 30, framesPerSecond: 1 }
  const node = await harness.startNode({ limits })
  const first = await node.connect(alice)
  await first.subscribe('e1')
  await first.subscribe('e2')
  await first.subscribe('e2')
  first.send({ type: 'subscribe', event_id: 'e3' })
  t.match(await first.next('error'), { code: 'too_many_rooms', event_id: 'e3' })
  first.send({ type: 'unsubscribe', event_id: 'e1' })
  await first.subscribe('e3')
  await harness.postMessage('e1', 'left')
  await harness.postMessage('e3', 'in')
  await first.next('message', ({ event_id }) => event_id === 'e3')
  t.same(first.listFrames('message').length, 1)

  const second = await node.connect(alice)
  t.match(await node.openClient('/ws', { authorization: `Bearer ${alice.token}` }).closed, { code: 4429 })
  const other = await node.connect(bob)
  await second.close()
  await node.connect(alice)

  for (let n = 0; n < 31; n += 1) other.send({ type: 'ping' })
  t.match(await other.next('error'), { code: 'rate_limited' })
  t.match(await other.closed, { code: 4429 })
})

t.test('[WS27] a malformed frame is answered with an error, and too many of them close the socket', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const node = await harness.startNode()
  const client = await node.connect(alice)
  for (const text of ['', 'not json', '{"type":"subscribe"}', '{"type":"unheard of"}', '[1]']) {
    client.socket.send(text)
    t.match(await client.next('error'), { code: 'malformed_frame' })
  }
  await client.subscribe('e1')
  client.socket.send(Buffer.from([1, 2, 3]))
  t.match(await client.closed, { code: 1008, reason: 'malformed_frames' })
  const long = await node.connect(alice)
  long.socket.send(JSON.stringify({ type: 'subscribe', event_id: 'e1', junk: 'x'.repeat(17_000) }))
  t.match(await long.closed, { code: 1009 })
})

t.test('[WS27] frames that come with the upgrade are not lost', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const { rightsReader } = harness.stores
  const slowly: typeof rightsReader.findPrincipals = async (sign_ins) => {
    await after(100)
    return rightsReader.findPrincipals(sign_ins)
  }
  const node = await harness.startNode({ stores: { rightsReader: { ...rightsReader, findPrincipals: slowly } } })
  const client = node.openClient('/ws', { authorization: `Bearer ${alice.token}` })
  client.socket.on('open', () => client.send({ type: 'subscribe', event_id: 'e1' }))
  await client.next('subscribed')
  t.same(client.frames.map(({ type }) => type).slice(0, 2), ['hello', 'subscribed'])
})

t.test('[WS28] a connection that answers no ping is closed', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  const node = await harness.startNode({ limits: { heartbeatMs: 100 } })
  const socket = new WebSocket(`${node.url}/ws`, {
    headers: { authorization: `Bearer ${alice.token}` },
    autoPong: false,
  })
  t.teardown(() => socket.terminate())
  const alive = await node.connect(alice)
  const [code] = await once(socket, 'close')
  t.equal(code, 1006)
  await alive.readUntilPong()
})

t.test('[WS29] an upgrade anywhere else is refused, and /ws without one is a 404', async (t) => {
  const harness = createSocketHarness(t)
  const base = (await harness.startNode()).url.replace('ws', 'http')
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  for (const path of ['/plain', '/nothing', '/ws/']) {
    const asked = get(`${base}${path}`, { headers, agent: false })
    const [response] = await once(asked, 'response')
    t.equal(response.statusCode, 404, path)
    response.resume()
    await once(response.socket, 'close')
  }
  t.equal((await fetch(`${base}/ws`)).status, 404)
})

t.test('[WS30] no log line contains a ticket', async (t) => {
  const harness = createSocketHarness(t)
  const lines: string[] = []
  const app = fastify({ logger: { level: 'trace', stream: { write: (line: string) => void lines.push(line) } } })
  const { timeline, events, inbox, rightsReader, tickets } = harness.stores
  const windows = new RoomWindows(inbox)
  const feed = harness.hints.feed('logged')
  const verifyToken = () => {
    throw new Error('no token')
  }
  const reads = { timeline, events, inbox, windows, rightsReader, tickets }
  const rest = { ...reads, feed, verifyToken, log: silentLog, allowedOrigins: [] }
  await app.register(socketsPlugin, { nodeId: 'logged', ...rest, limits: { goawayMs: 10 } })
  const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws')
  t.teardown(() => app.close())
  const socket = new WebSocket(`${url}/ws?ticket=precious`)
  await once(socket, 'close')
  await fetch(`${url.replace('ws', 'http')}/ws?ticket=precious`)
  t.ok(lines.length > 0)
  t.notOk(lines.join().includes('precious'))
})

t.test(
  '[WS36] a socket keeps nothing of the request that it came with, and its life is no request’s time',
  async (t) => {
    const { stores, hints, signIn } = createSocketHarness(t)
    let requests = 0
    let forgotten = 0
    let responses = 0
    const registry = new FinalizationRegistry(() => {
      forgotten += 1
    })
    const app = fastify({ logger: false })
    app.addHook('onRequest', async (request) => {
      requests += 1
      registry.register(request, undefined)
    })
    app.addHook('onResponse', async () => {
      responses += 1
    })
    const { timeline, events, inbox, rightsReader, tickets } = stores
    const windows = new RoomWindows(inbox)
    await app.register(socketsPlugin, {
      ...{
        timeline,
        events,
        inbox,
        windows,
        rightsReader,
        tickets,
        feed: hints.feed('n1'),
        log: silentLog,
        allowedOrigins: [],
      },
      nodeId: 'n1',
      verifyToken: (token) => JSON.parse(Buffer.from(token, 'base64url').toString()),
      limits: { goawayMs: 10 },
    })
    const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws')
    t.teardown(() => app.close())
    const { token } = await signIn('alice')
    const alice = openSocketClient(t, `${url}/ws`, { authorization: `Bearer ${token}` })
    await alice.next('hello')
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    while (forgotten < requests) {
      await turn()
      collect()
    }
    t.equal(forgotten, 1)
    await alice.readUntilPong()
    alice.socket.send(Buffer.alloc(20_000))
    t.equal((await alice.closed).code, 1009, 'an error of the socket is nobody’s exception')
    while (app.websocketServer.clients.size > 0) await turn()
    t.equal(responses, 0)
  },
)
