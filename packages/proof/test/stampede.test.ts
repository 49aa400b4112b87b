import { createClient, openSocket, type Socket } from '@engineer-chat/client'
import { createEventAs, PASSWORD, startFixture, waitUntil } from '@engineer-chat/proof'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import t, { test } from 'tap'
import { nginx } from './reverse-proxies.ts'

t.setTimeout(240_000) // The test starts several processes, which takes long on a busy machine.

const SOCKET_COUNT = 300
const ROOM_COUNT = 20
/** About half of the sockets are at the killed node. */
const MIN_CLOSED_SOCKETS = SOCKET_COUNT / 3
const MAX_ACCEPT_MS = 2_000
const MIN_SPREAD_MS = 200
const MAX_STATEMENTS_PER_SOCKET = 20
const MAX_MYSQL_CONNECTIONS = 40

test('[OPS4] behind nginx, the sockets of a killed node reconnect with jitter, each with few MySQL statements', {
  skip: nginx.program === undefined && 'nginx is not installed',
  timeout: 230_000,
}, async (t) => {
  const env = { TRUSTED_PROXIES: '127.0.0.1', WS_MAX_CONNECTIONS_PER_USER: '1000' }
  const fixture = await startFixture({ apis: 2, workers: 1, env })
  t.teardown(() => fixture.stop())
  const { product, alice } = fixture
  const [killed, surviving] = product.apis
  if (!killed || !surviving) return t.fail('there are fewer than two nodes')
  const proxyUrl = await nginx.start(t, [killed.url, surviving.url])
  const events = await Promise.all(Array.from({ length: ROOM_COUNT }, () => createEventAs(proxyUrl, alice)))

  const client = createClient({ baseUrl: proxyUrl })
  await client.login('alice', PASSWORD)
  const sockets = events.flatMap((event_id) =>
    Array.from({ length: SOCKET_COUNT / ROOM_COUNT }, () => {
      const socket = openSocket(client)
      return { socket, room: socket.openRoom(event_id) }
    }),
  )
  t.teardown(() => {
    for (const { socket } of sockets) socket.close()
  })
  await waitUntil('all sockets follow their rooms', () => sockets.every(({ room }) => room.state.lastSeq !== null))

  const droppedSockets = new Set<Socket>()
  const reopenedAtMs: number[] = []
  for (const { socket } of sockets)
    socket.on('state', (state) => {
      if (state === 'waiting') droppedSockets.add(socket)
      if (state === 'open' && droppedSockets.has(socket)) reopenedAtMs.push(performance.now())
    })
  const mysql = await createConnection(product.mysql.url)
  t.teardown(() => mysql.end())
  const statusBefore = await readMysqlStatus(mysql)
  const killedAtMs = performance.now()
  await killed.kill('SIGKILL')
  product.apis.splice(0, 1)
  await waitUntil('the sockets of the node are closed', () => droppedSockets.size > MIN_CLOSED_SOCKETS)
  const askedAtMs = performance.now()
  const sendResponse = await alice.ask(surviving.url, events[0] ?? '', 'What now?')
  const acceptedAfterMs = performance.now() - askedAtMs
  t.equal(sendResponse.status, 200)
  t.ok(
    acceptedAfterMs < MAX_ACCEPT_MS,
    `during the reconnect a question is accepted in ${Math.round(acceptedAfterMs)} ms`,
  )
  await waitUntil(
    'all sockets are open again',
    () => reopenedAtMs.length >= droppedSockets.size && sockets.every(({ socket }) => socket.state === 'open'),
  )
  const statusAfter = await readMysqlStatus(mysql)
  await Promise.all(
    events.map((event_id) =>
      alice.call(surviving.url, 'POST', `/api/events/${event_id}/messages`, { message: 'back' }),
    ),
  )
  await waitUntil('each socket has the post of its room', () =>
    sockets.every(({ room }) => room.state.messages.some(({ message_content }) => message_content.content === 'back')),
  )

  const spreadMs = Math.max(...reopenedAtMs) - Math.min(...reopenedAtMs)
  const totalMs = Math.max(...reopenedAtMs) - killedAtMs
  const statementsPerSocket = (statusAfter.statements - statusBefore.statements) / droppedSockets.size
  t.comment(`${droppedSockets.size} sockets are back after ${Math.round(totalMs)} ms, over ${Math.round(spreadMs)} ms`)
  t.ok(spreadMs > MIN_SPREAD_MS, `they reconnect over ${Math.round(spreadMs)} ms`)
  t.ok(statementsPerSocket < MAX_STATEMENTS_PER_SOCKET, `${statementsPerSocket.toFixed(1)} statements per socket`)
  t.ok(
    statusAfter.maxConnections <= MAX_MYSQL_CONNECTIONS,
    `${statusAfter.maxConnections} connections of all processes at most`,
  )
})

/** Reads how many statements the server has executed, and how many connections it had at most. */
async function readMysqlStatus(mysql: Awaited<ReturnType<typeof createConnection>>) {
  const [rows] = await mysql.query<RowDataPacket[]>(
    `SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Max_used_connections')`,
  )
  const readVariable = (name: string) => Number(rows.find((row) => row.Variable_name === name)?.Value)
  return { statements: readVariable('Questions'), maxConnections: readVariable('Max_used_connections') }
}
