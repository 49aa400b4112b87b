import { createClient, openSocket, type Socket } from '@engineer-chat/client'
import { openEvent, openRoom, PASSWORD, waitUntil } from '@engineer-chat/proof'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { test } from 'tap'
import { nginx } from './front.ts'

const SOCKETS = 300
const ROOMS = 20

test('[OPS4] behind nginx, a killed node’s sockets come over with jitter, and MySQL is asked little for each', {
  skip: nginx.program === undefined && 'nginx is not installed',
  timeout: 110_000,
}, async (t) => {
  const env = { TRUSTED_PROXIES: '127.0.0.1', WS_MAX_CONNECTIONS_PER_USER: '1000' }
  const room = await openRoom({ apis: 2, workers: 1, env })
  t.teardown(() => room.stop())
  const { product, alice } = room
  const [dying, surviving] = product.apis
  if (!dying || !surviving) return t.fail('two nodes')
  const front = await nginx.start(t, [dying.url, surviving.url])
  const events = await Promise.all(Array.from({ length: ROOMS }, () => openEvent(front, alice)))

  const client = createClient({ baseUrl: front })
  await client.login('alice', PASSWORD)
  const sockets = events.flatMap((event_id) =>
    Array.from({ length: SOCKETS / ROOMS }, () => {
      const socket = openSocket(client)
      return { socket, room: socket.room(event_id) }
    }),
  )
  t.teardown(() => {
    for (const { socket } of sockets) socket.close()
  })
  await waitUntil('all follow their rooms', () => sockets.every(({ room }) => room.state.last_seq !== null))

  const fallen = new Set<Socket>()
  const opened: number[] = []
  for (const { socket } of sockets)
    socket.on('state', (state) => {
      if (state === 'waiting') fallen.add(socket)
      if (state === 'open' && fallen.has(socket)) opened.push(performance.now())
    })
  const mysql = await createConnection(product.mysql.url)
  t.teardown(() => mysql.end())
  const before = await status(mysql)
  const began = performance.now()
  await dying.kill('SIGKILL')
  product.apis.splice(0, 1)
  await waitUntil('they are gone', () => fallen.size > SOCKETS / 3)
  const asked = performance.now()
  const sent = await alice.ask(surviving.url, events[0] ?? '', 'What now?')
  const took = performance.now() - asked
  t.equal(sent.status, 200)
  t.ok(took < 2_000, `a question is accepted meanwhile, in ${Math.round(took)} ms`)
  await waitUntil(
    'all are back',
    () => opened.length >= fallen.size && sockets.every(({ socket }) => socket.state === 'open'),
  )
  const after = await status(mysql)
  await Promise.all(
    events.map((event_id) =>
      alice.call(surviving.url, 'POST', `/api/events/${event_id}/messages`, { message: 'back' }),
    ),
  )
  await waitUntil('each hears what is said', () =>
    sockets.every(({ room }) => room.state.messages.some(({ message_content }) => message_content.content === 'back')),
  )

  const moved = fallen.size
  const spread = Math.max(...opened) - Math.min(...opened)
  const seconds = (Math.max(...opened) - began) / 1_000
  const each = (after.questions - before.questions) / moved
  t.comment(
    `${moved} sockets in ${seconds.toFixed(1)} s, over ${Math.round(spread)} ms, ${each.toFixed(1)} statements each`,
  )
  t.ok(spread > 200, `not at once: over ${Math.round(spread)} ms`)
  t.ok(each < 20, `${each.toFixed(1)} statements each`)
  t.ok(after.used <= 40, `${after.used} connections at most, over all processes`)
})

/** Statements so far, and the most connections there ever were. */
async function status(mysql: Awaited<ReturnType<typeof createConnection>>) {
  const [rows] = await mysql.query<RowDataPacket[]>(
    `SHOW GLOBAL STATUS WHERE Variable_name IN ('Questions', 'Max_used_connections')`,
  )
  const of = (name: string) => Number(rows.find((row) => row.Variable_name === name)?.Value)
  return { questions: of('Questions'), used: of('Max_used_connections') }
}
