import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { waitUntil } from '@engineer-chat/proof'
import t from 'tap'
import { openLink } from '../src/net/link.ts'

t.test(
  '[CHAOS3] a link forwards bytes, and can be cut, stalled, delayed or half open until it is healed',
  async (t) => {
    const serverSockets = new Set<Socket>()
    const server = createServer((socket) => {
      serverSockets.add(socket)
      socket.on('close', () => serverSockets.delete(socket))
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
    const openConnection = async () => {
      const socket = connect(link.port, '127.0.0.1')
      sockets.push(socket)
      const received = { text: '', isClosed: false }
      socket.on('error', () => {})
      socket.on('data', (bytes) => {
        received.text += bytes
      })
      socket.on('close', () => {
        received.isClosed = true
      })
      await once(socket, 'connect')
      return { socket, received }
    }
    const first = await openConnection()
    first.socket.write('a')
    await waitUntil('an echo', () => first.received.text === 'a')

    link.break('delay')
    const startedAtMs = performance.now()
    first.socket.write('b')
    await waitUntil('a delayed echo', () => first.received.text === 'ab')
    // A link delays each direction by 150 ms.
    t.ok(performance.now() - startedAtMs > 200, 'both directions are delayed')
    first.socket.write('-')
    await setImmediate() // The link can read the `-` while the delay lasts.
    link.heal()
    first.socket.write('+')
    await waitUntil('both bytes', () => first.received.text.length === 4)
    t.equal(first.received.text, 'ab-+', 'in their order, also when the delay ends')

    link.break('stall')
    first.socket.write('c')
    const second = await openConnection()
    second.socket.write('x')
    link.break('stall') // A second fault of the same kind changes nothing.
    t.equal(first.received.text, 'ab-+')
    link.heal()
    await waitUntil('the stalled bytes', () => first.received.text === 'ab-+c' && second.received.text === 'x')

    link.break('half-open')
    await waitUntil('the server has lost its sockets', () => serverSockets.size === 0)
    first.socket.write('d')
    t.notOk(first.received.isClosed, 'the client does not notice the loss')
    link.heal()
    await waitUntil('both connections are closed', () => first.received.isClosed && second.received.isClosed)
    t.equal(first.received.text, 'ab-+c', 'bytes that were sent while the link was half open are lost')

    link.break('cut')
    const refused = connect(link.port, '127.0.0.1')
    sockets.push(refused)
    refused.on('error', () => {})
    await waitUntil('the connection is refused', () => refused.destroyed)
    link.heal()
    const third = await openConnection()
    third.socket.write('e')
    await waitUntil('an echo over the healed link', () => third.received.text === 'e')
  },
)
