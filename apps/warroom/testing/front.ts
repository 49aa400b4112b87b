import { connect, createServer, type Socket } from 'node:net'

/** Forwards one address to a chosen node or to none, as a load balancer or a broken network does. */
export interface Front {
  url: string
  to(node: string): void
  /** Refuses new connections and ends the open ones. */
  cut(): void
  /** Pulls the cable: connections stay open, new ones are taken, and nothing passes until `to` is called. */
  pull(): void
  close(): Promise<void>
}

export async function startFront(node: string): Promise<Front> {
  let target: URL | undefined = new URL(node)
  let isPulled = false
  const sockets = new Set<Socket>()
  const server = createServer((incoming) => {
    if (isPulled) {
      sockets.add(incoming.on('error', () => {}).resume())
      return
    }
    if (!target) return incoming.destroy()
    const outgoing = connect(Number(target.port), target.hostname)
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    incoming.on('data', (data) => isPulled || outgoing.write(data))
    outgoing.on('data', (data) => isPulled || incoming.write(data))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const end = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    to: (next) => {
      target = new URL(next)
      if (isPulled) end()
      isPulled = false
    },
    cut: () => {
      target = undefined
      end()
    },
    pull: () => {
      isPulled = true
    },
    close: () => {
      end()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
