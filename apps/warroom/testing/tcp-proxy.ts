import { connect, createServer, type Socket } from 'node:net'

/** Forwards the connections of one address to a chosen node, or to none, like a load balancer or a broken network. */
export interface TcpProxy {
  url: string
  connectTo(node: string): void
  /** Refuses new connections and ends the open ones. */
  cut(): void
  /** Keeps all connections open and accepts new ones, but forwards nothing until `connectTo` is called. */
  stall(): void
  close(): Promise<void>
}

export async function startTcpProxy(node: string): Promise<TcpProxy> {
  let target: URL | undefined = new URL(node)
  let isStalled = false
  const sockets = new Set<Socket>()
  const server = createServer((incoming) => {
    if (isStalled) {
      sockets.add(incoming.on('error', () => {}).resume())
      return
    }
    if (!target) return incoming.destroy()
    const outgoing = connect(Number(target.port), target.hostname)
    for (const [source, destination] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(source)
      source.on('error', () => {})
      source.on('close', () => {
        sockets.delete(source)
        destination.destroy()
      })
    }
    incoming.on('data', (data) => isStalled || outgoing.write(data))
    outgoing.on('data', (data) => isStalled || incoming.write(data))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const endConnections = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    connectTo: (next) => {
      target = new URL(next)
      if (isStalled) endConnections()
      isStalled = false
    },
    cut: () => {
      target = undefined
      endConnections()
    },
    stall: () => {
      isStalled = true
    },
    close: () => {
      endConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
