import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/**
 * Says what happens to a COMMIT: it succeeds, its answer is lost, it does not arrive, or the network hangs.
 */
export type CommitOutcome = 'pass' | 'answer lost' | 'request lost' | 'silence'

/**
 * Opens a proxy to a database whose network a test can break. Each COMMIT takes the next of `outcomes`, and passes if
 * there is none.
 */
export async function startBreakableNetwork(t: Test, target: string) {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const outcomes: CommitOutcome[] = []
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let isAnswerLost = false
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
      // A longer packet is another statement whose text may contain this word.
      const outcome = chunk.length < 32 && chunk.includes('COMMIT') ? (outcomes.shift() ?? 'pass') : 'pass'
      if (outcome === 'request lost') return client.destroy()
      if (outcome === 'silence') return
      isAnswerLost = outcome === 'answer lost'
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => (isAnswerLost ? client.destroy() : client.write(chunk)))
  })
  const listen = (port = 0) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen()
  const proxyPort = (server.address() as AddressInfo).port
  const breakDown = () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    return closed
  }
  t.teardown(breakDown)
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String(proxyPort)
  return { url: url.href, outcomes, breakDown, repair: () => listen(proxyPort) }
}
