import { once } from 'node:events'
import { get } from 'node:http'
import { setTimeout as sleep, setImmediate as waitForNextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { RecentRowsCache } from '@engineer-chat/chat/events'
import fastify from 'fastify'
import t from 'tap'
import { WebSocket } from 'ws'
import { socketsPlugin } from '../../src/sockets/index.ts'
import { openSocketClient } from './socket-client.ts'
import { createSocketHarness, silentLog } from './socket-harness.ts'

t.test(
  '[WS24] a socket that does not read gets no deltas, then a snapshot instead, and delays no other socket',
  async (t) => {
    const harness = createSocketHarness(t)
    const alice = await harness.signIn('alice')
    await harness.createEvent('e1')
    const node = await harness.startNode({ limits: { congestionThresholdBytes: 128 * 1024 } })
    const [slowClient, quickClient] = [await node.connect(alice), await node.connect(alice)]
    for (const client of [slowClient, quickClient]) await client.subscribe('e1')
    const { reply_id } = await harness.askQuestion('e1', alice)
    await harness.claimReply(reply_id)
    await slowClient.next('message', ({ seq }) => seq === 2)
    slowClient.socket.pause()
    const stream = harness.openReplyStream('e1', reply_id, 1)
    const deltaText = 'x'.repeat(20_000)
    let deltaCount = 0
    while (node.metrics.deltas_dropped_total < 5) {
      stream.append(deltaText)
      const newIndex = deltaCount
      await quickClient.next('delta', ({ index }) => index === newIndex)
      deltaCount += 1
    }
    slowClient.socket.resume()
    const snapshot = await slowClient.next('snapshot')
    t.equal(snapshot.next_index, deltaCount)
    t.equal(snapshot.truncated, true, 'a text over 64 KiB is truncated')
    stream.append('the end')
    t.match(await slowClient.next('delta', ({ index }) => index >= deltaCount), {
      index: deltaCount,
      text: 'the end',
    })
    await quickClient.next('delta')
    t.equal(quickClient.listFrames('delta').length, deltaCount + 1)
    const receivedIndexes = slowClient.listFrames('delta').map(({ index }) => index)
    const indexesBeforeSnapshot = receivedIndexes.slice(0, -1)
    t.same(
      indexesBeforeSnapshot,
      indexesBeforeSnapshot.map((_, n) => n),
      'deltas are missing only where a snapshot replaces them',
    )
  },
)

t.test(
  '[WS25] a socket that reads nothing is closed with 4408 or destroyed, and gets its rows when it resumes',
  async (t) => {
    const harness = createSocketHarness(t)
    const alice = await harness.signIn('alice')
    await harness.createEvent('e1')
    const node = await harness.startNode({
      limits: { maxWaitingBytes: 512 * 1024, congestionThresholdBytes: 128 * 1024 },
    })
    const [slowClient, quickClient] = [await node.connect(alice), await node.connect(alice)]
    for (const client of [slowClient, quickClient]) await client.subscribe('e1')
    slowClient.socket.pause()
    let seq = 0
    while (node.metrics.slow_closed_total === 0) {
      seq = (await harness.postMessage('e1', 'x'.repeat(60_000))).row.message.seq
      await quickClient.next('message', (frame) => frame.seq === seq)
    }
    t.equal(node.metrics.connections, 1, 'the quick client is still connected')
    slowClient.socket.resume()
    // The code is 1006 if the node destroyed the socket before its close frame was sent.
    t.ok([4408, 1006].includes((await slowClient.closed).code))
    const lastSeq = slowClient.listFrames('message').at(-1)?.seq ?? 0
    const resumedClient = await node.connect(alice)
    const { messages } = await resumedClient.subscribe('e1', lastSeq)
    const receivedSeqs = new Set([
      ...slowClient.listFrames('message').map((frame) => frame.seq),
      ...messages.map((message) => message.seq),
    ])
    while (receivedSeqs.size < seq) receivedSeqs.add((await resumedClient.next('message')).seq)
    t.equal(receivedSeqs.size, seq)
    await quickClient.readUntilPong()
  },
)

t.test('[WS26] rooms for each connection, connections for each user, and frames per second are limited', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
  for (const id of ['e1', 'e2', 'e3']) await harness.createEvent(id)
  const limits = { roomsPerConnection: 2, connectionsPerUser: 2, framesBurst: 30, framesPerSecond: 1 }
  const node = await harness.startNode({ limits })
  const first = await node.connect(alice)
  await first.subscribe('e1')
  await first.subscribe('e2')
  await first.subscribe('e2') // A second subscription to a room does not count.
  first.send({ type: 'subscribe', event_id: 'e3' })
  t.match(await first.next('error'), { code: 'too_many_rooms', event_id: 'e3' })
  first.send({ type: 'unsubscribe', event_id: 'e1' })
  await first.subscribe('e3')
  await harness.postMessage('e1', 'to a room that alice left')
  await harness.postMessage('e3', 'to a room of alice')
  await first.next('message', ({ event_id }) => event_id === 'e3')
  t.same(first.listFrames('message').length, 1)

  const second = await node.connect(alice)
  t.match(await node.openClient('/ws', { authorization: `Bearer ${alice.token}` }).closed, { code: 4429 })
  const bobClient = await node.connect(bob)
  await second.close()
  await node.connect(alice) // Alice has one connection again, so she may open a second one.

  for (let n = 0; n < 31; n += 1) bobClient.send({ type: 'ping' })
  t.match(await bobClient.next('error'), { code: 'rate_limited' })
  t.match(await bobClient.closed, { code: 4429 })
})

t.test('[WS27] a malformed frame is answered with an error, and too many of them close the socket', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const node = await harness.startNode()
  const client = await node.connect(alice)
  // Five malformed frames are allowed. The sixth one below closes the socket.
  for (const text of ['', 'not json', '{"type":"subscribe"}', '{"type":"unknown"}', '[1]']) {
    client.socket.send(text)
    t.match(await client.next('error'), { code: 'malformed_frame' })
  }
  await client.subscribe('e1')
  client.socket.send(Buffer.from([1, 2, 3]))
  t.match(await client.closed, { code: 1008, reason: 'malformed_frames' })
  const otherClient = await node.connect(alice)
  const frameOverLimit = { type: 'subscribe', event_id: 'e1', unknown_field: 'x'.repeat(17_000) }
  otherClient.socket.send(JSON.stringify(frameOverLimit))
  t.match(await otherClient.closed, { code: 1009 })
})

t.test('[WS27] frames that arrive together with the upgrade are not lost', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const { uncachedRights } = harness.stores
  const findSlowly: typeof uncachedRights.findPrincipals = async (sign_ins) => {
    await sleep(100) // The frame of the client arrives during this time.
    return uncachedRights.findPrincipals(sign_ins)
  }
  const node = await harness.startNode({
    stores: { uncachedRights: { ...uncachedRights, findPrincipals: findSlowly } },
  })
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
  const aliveClient = await node.connect(alice)
  const [code] = await once(socket, 'close')
  t.equal(code, 1006)
  await aliveClient.readUntilPong()
})

t.test('[WS29] an upgrade on a path other than /ws, or a plain request to /ws, is answered with 404', async (t) => {
  const harness = createSocketHarness(t)
  const baseUrl = (await harness.startNode()).url.replace('ws', 'http')
  const upgradeHeaders = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  for (const path of ['/plain', '/nothing', '/ws/']) {
    const request = get(`${baseUrl}${path}`, { headers: upgradeHeaders, agent: false })
    const [response] = await once(request, 'response')
    t.equal(response.statusCode, 404, path)
    response.resume()
    await once(response.socket, 'close')
  }
  t.equal((await fetch(`${baseUrl}/ws`)).status, 404)
})

t.test('[WS30] no log line contains a ticket', async (t) => {
  const harness = createSocketHarness(t)
  const lines: string[] = []
  const app = fastify({ logger: { level: 'trace', stream: { write: (line: string) => void lines.push(line) } } })
  const { timeline, events, inbox, uncachedRights, tickets } = harness.stores
  const recentRows = new RecentRowsCache(inbox)
  const feed = harness.hints.feed('logged')
  const verifyToken = () => {
    throw new Error('No token is valid here.')
  }
  const stores = { timeline, events, inbox, recentRows, uncachedRights, tickets }
  const options = { ...stores, feed, verifyToken, log: silentLog, allowedOrigins: [] }
  await app.register(socketsPlugin, { nodeId: 'logged', ...options, limits: { closeWithinMs: 10 } })
  const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws')
  t.teardown(() => app.close())
  const socket = new WebSocket(`${url}/ws?ticket=precious`)
  await once(socket, 'close')
  await fetch(`${url.replace('ws', 'http')}/ws?ticket=precious`)
  t.ok(lines.length > 0)
  t.notOk(lines.join().includes('precious'))
})

t.test(
  '[WS36] a socket does not keep its upgrade request in memory, and its lifetime is not measured as the duration of a request',
  async (t) => {
    const { stores, hints, signIn } = createSocketHarness(t)
    let requestCount = 0
    let collectedCount = 0
    let responseCount = 0
    const registry = new FinalizationRegistry(() => {
      collectedCount += 1
    })
    const app = fastify({ logger: false })
    app.addHook('onRequest', async (request) => {
      requestCount += 1
      registry.register(request, undefined)
    })
    app.addHook('onResponse', async () => {
      responseCount += 1
    })
    const { timeline, events, inbox, uncachedRights, tickets } = stores
    const recentRows = new RecentRowsCache(inbox)
    await app.register(socketsPlugin, {
      timeline,
      events,
      inbox,
      recentRows,
      uncachedRights,
      tickets,
      feed: hints.feed('n1'),
      log: silentLog,
      allowedOrigins: [],
      nodeId: 'n1',
      verifyToken: (token) => JSON.parse(Buffer.from(token, 'base64url').toString()),
      limits: { closeWithinMs: 10 },
    })
    const url = (await app.listen({ port: 0, host: '127.0.0.1' })).replace('http', 'ws')
    t.teardown(() => app.close())
    const { token } = await signIn('alice')
    const alice = openSocketClient(t, `${url}/ws`, { authorization: `Bearer ${token}` })
    await alice.next('hello')
    // Only a context that is created after this flag was set has the function `gc`.
    setFlagsFromString('--expose-gc')
    const collectGarbage: () => void = runInNewContext('gc')
    while (collectedCount < requestCount) {
      await waitForNextTurn()
      collectGarbage()
    }
    t.equal(collectedCount, 1)
    await alice.readUntilPong()
    alice.socket.send(Buffer.alloc(20_000))
    t.equal((await alice.closed).code, 1009, 'an error of the socket throws no exception')
    while (app.websocketServer.clients.size > 0) await waitForNextTurn()
    t.equal(responseCount, 0)
  },
)
