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
    const firstConnection = await openConnection()
    firstConnection.socket.write('a')
    await waitUntil('an echo', () => firstConnection.received.text === 'a')

    link.break('delay')
    const startedAtMs = performance.now()
    firstConnection.socket.write('b')
    await waitUntil('a delayed echo', () => firstConnection.received.text === 'ab')
    // A link delays each direction by 150 ms.
    t.ok(performance.now() - startedAtMs > 200, 'both directions are delayed')
    firstConnection.socket.write('-')
    await setImmediate() // The link can read the `-` while the delay lasts.
    link.heal()
    firstConnection.socket.write('+')
    await waitUntil('both bytes', () => firstConnection.received.text.length === 4)
    t.equal(firstConnection.received.text, 'ab-+', 'in their order, also when the delay ends')

    link.break('stall')
    firstConnection.socket.write('c')
    const secondConnection = await openConnection()
    secondConnection.socket.write('x')
    link.break('stall') // A second fault of the same kind changes nothing.
    t.equal(firstConnection.received.text, 'ab-+')
    link.heal()
    await waitUntil(
      'the stalled bytes',
      () => firstConnection.received.text === 'ab-+c' && secondConnection.received.text === 'x',
    )

    link.break('half-open')
    await waitUntil('the server has lost its sockets', () => serverSockets.size === 0)
    firstConnection.socket.write('d')
    t.notOk(firstConnection.received.isClosed, 'the client does not notice the loss')
    link.heal()
    await waitUntil(
      'both connections are closed',
      () => firstConnection.received.isClosed && secondConnection.received.isClosed,
    )
    t.equal(firstConnection.received.text, 'ab-+c', 'bytes that were sent while the link was half open are lost')

    link.break('cut')
    const refusedSocket = connect(link.port, '127.0.0.1')
    sockets.push(refusedSocket)
    refusedSocket.on('error', () => {})
    await waitUntil('the connection is refused', () => refusedSocket.destroyed)
    link.heal()
    const thirdConnection = await openConnection()
    thirdConnection.socket.write('e')
    await waitUntil('an echo over the healed link', () => thirdConnection.received.text === 'e')
  },
)
