import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { waitUntil } from '@engineer-chat/proof'
import t from 'tap'
import { openLink } from '../src/net/link.ts'

t.test('[CHAOS3] a link passes bytes on, and can be cut, stalled, slow or half open until it is healed', async (t) => {
  const ends = new Set<Socket>()
  const server = createServer((socket) => {
    ends.add(socket)
    socket.on('close', () => ends.delete(socket))
    socket.on('error', () => {})
    socket.on('data', (bytes) => socket.write(bytes))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const link = await openLink('test', address !== null && typeof address === 'object' ? address.port : 0)
  const sockets: Socket[] = []
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    await link.close()
    server.close()
  })
  const open = async () => {
    const socket = connect(link.port, '127.0.0.1')
    sockets.push(socket)
    const received = { text: '', over: false }
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      received.text += bytes
    })
    socket.on('close', () => {
      received.over = true
    })
    await once(socket, 'connect')
    return { socket, received }
  }
  const one = await open()
  one.socket.write('a')
  await waitUntil('an echo', () => one.received.text === 'a')

  link.break('delay')
  const began = performance.now()
  one.socket.write('b')
  await waitUntil('a late echo', () => one.received.text === 'ab')
  t.ok(performance.now() - began > 200, 'there and back')
  one.socket.write('-')
  await setImmediate()
  link.heal()
  one.socket.write('+')
  await waitUntil('both', () => one.received.text.length === 4)
  t.equal(one.received.text, 'ab-+', 'in their order, also when it is quick again')

  link.break('stall')
  one.socket.write('c')
  const other = await open()
  other.socket.write('x')
  link.break('stall')
  t.equal(one.received.text, 'ab-+')
  link.heal()
  await waitUntil('the delayed bytes', () => one.received.text === 'ab-+c' && other.received.text === 'x')

  link.break('half-open')
  await waitUntil('the far ends are gone', () => ends.size === 0)
  one.socket.write('d')
  t.notOk(one.received.over, 'and the near ends do not learn it')
  link.heal()
  await waitUntil('until it is over', () => one.received.over && other.received.over)
  t.equal(one.received.text, 'ab-+c', 'bytes that were sent meanwhile are lost')

  link.break('cut')
  const refused = connect(link.port, '127.0.0.1')
  sockets.push(refused)
  refused.on('error', () => {})
  await waitUntil('it is refused', () => refused.destroyed)
  link.heal()
  const third = await open()
  third.socket.write('e')
  await waitUntil('an echo after all', () => third.received.text === 'e')
})
