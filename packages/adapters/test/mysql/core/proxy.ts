import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** Says what happens to a COMMIT: it passes, it arrives but its answer is lost, it never arrives, or the network hangs. */
export type Fate = 'pass' | 'answer lost' | 'request lost' | 'silence'

/** Opens a proxy to a database whose network a test can break. */
export async function startBreakableNetwork(t: Test, target: string) {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const fates: Fate[] = []
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let deaf = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (chunk) => {
      const fate = chunk.length < 32 && chunk.includes('COMMIT') ? (fates.shift() ?? 'pass') : 'pass'
      if (fate === 'request lost') return client.destroy()
      if (fate === 'silence') return
      deaf = fate === 'answer lost'
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => (deaf ? client.destroy() : client.write(chunk)))
  })
  const listen = (at = 0) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve))
  await listen()
  const here = (server.address() as AddressInfo).port
  const breakDown = () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    return closed
  }
  t.teardown(breakDown)
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(here)
  return { url: url.href, fates, breakDown, repair: () => listen(here) }
}
