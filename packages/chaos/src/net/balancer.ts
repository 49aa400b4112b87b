import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Is a server that takes connections over its link while it says that it is ready. */
export interface Backend {
  port: number
}

export interface Balancer {
  readonly url: string
  close(): Promise<void>
}

const LOOK_MS = 200
const LOOK_TIMEOUT_MS = 600

/** Balances connections over the API nodes that are ready, or over all of them while none is. */
export async function openBalancer(backends: readonly Backend[]): Promise<Balancer> {
  const ready = new Set<Backend>()
  const sockets = new Set<Socket>()
  const over = new AbortController()
  let turn = 0

  const look = async (backend: Backend): Promise<void> => {
    while (!over.signal.aborted) {
      const signal = AbortSignal.any([over.signal, AbortSignal.timeout(LOOK_TIMEOUT_MS)])
      const ok = await fetch(`http://127.0.0.1:${backend.port}/readyz`, { signal, headers: { connection: 'close' } })
        .then(async (answer) => {
          await answer.arrayBuffer()
          return answer.ok
        })
        .catch(() => false)
      if (ok) ready.add(backend)
      else ready.delete(backend)
      await sleep(LOOK_MS, undefined, { signal: over.signal }).catch(() => {})
    }
  }
  const next = (): Backend | undefined => {
    const choice = ready.size > 0 ? backends.filter((backend) => ready.has(backend)) : backends
    turn += 1
    return choice[turn % choice.length]
  }
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const backend = next()
    if (!backend) return near.resetAndDestroy()
    const far = connect({ port: backend.port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const looks = backends.map(look)
  const address = server.address()
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    close: async () => {
      over.abort()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all(looks)
    },
  }
}
