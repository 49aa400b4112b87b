import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Represents an API node behind the balancer. It is ready while its `/readyz` answers 200. */
export interface Backend {
  port: number
}

export interface Balancer {
  readonly url: string
  close(): Promise<void>
}

const PROBE_INTERVAL_MS = 200
const PROBE_TIMEOUT_MS = 600

/** Distributes connections in turn to the API nodes that are ready, or to all nodes while none is ready. */
export async function openBalancer(backends: readonly Backend[]): Promise<Balancer> {
  const ready = new Set<Backend>()
  const sockets = new Set<Socket>()
  const aborter = new AbortController()
  let connectionCount = 0

  const probe = async (backend: Backend): Promise<void> => {
    while (!aborter.signal.aborted) {
      if (await isReady(backend, aborter.signal)) ready.add(backend)
      else ready.delete(backend)
      await sleep(PROBE_INTERVAL_MS, undefined, { signal: aborter.signal }).catch(() => {})
    }
  }
  const pickBackend = (): Backend | undefined => {
    const candidates = ready.size > 0 ? backends.filter((backend) => ready.has(backend)) : backends
    connectionCount += 1
    return candidates[connectionCount % candidates.length]
  }
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const backend = pickBackend()
    if (!backend) return client.resetAndDestroy()
    const upstream = connect({ port: backend.port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    for (const [socket, peer] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => peer.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        peer.destroy()
      })
      socket.pipe(peer)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const probes = backends.map(probe)
  const address = server.address()
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    close: async () => {
      aborter.abort()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all(probes)
    },
  }
}

async function isReady({ port }: Backend, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]),
      headers: { connection: 'close' },
    })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
