import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { until } from '@engineer-chat/proof'
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
    const heard = { text: '', over: false }
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      heard.text += bytes
    })
    socket.on('close', () => {
      heard.over = true
    })
    await once(socket, 'connect')
    return { socket, heard }
  }
  const one = await open()
  one.socket.write('a')
  await until('an echo', () => one.heard.text === 'a')

  link.break('delay')
  const began = performance.now()
  one.socket.write('b')
  await until('a late echo', () => one.heard.text === 'ab')
  t.ok(performance.now() - began > 200, 'there and back')
  one.socket.write('-')
  await setImmediate()
  link.heal()
  one.socket.write('+')
  await until('both', () => one.heard.text.length === 4)
  t.equal(one.heard.text, 'ab-+', 'in their order, also when it is quick again')

  link.break('stall')
  one.socket.write('c')
  const other = await open()
  other.socket.write('x')
  link.break('stall')
  t.equal(one.heard.text, 'ab-+')
  link.heal()
  await until('what was held back', () => one.heard.text === 'ab-+c' && other.heard.text === 'x')

  link.break('half-open')
  await until('the far ends are gone', () => ends.size === 0)
  one.socket.write('d')
  t.notOk(one.heard.over, 'and the near ones know nothing of it')
  link.heal()
  await until('until it is over', () => one.heard.over && other.heard.over)
  t.equal(one.heard.text, 'ab-+c', 'what was sent meanwhile is lost')

  link.break('cut')
  const refused = connect(link.port, '127.0.0.1')
  sockets.push(refused)
  refused.on('error', () => {})
  await until('it is refused', () => refused.destroyed)
  link.heal()
  const third = await open()
  third.socket.write('e')
  await until('an echo after all', () => third.heard.text === 'e')
})
