import { connect, createServer, type Socket } from 'node:net'

/** Forwards the connections to `url` to a chosen API node. A test can change the node or break the network. */
export interface TcpProxy {
  url: string
  /** Forwards new connections to this URL. Ends the connections that `stall` kept open, because their data is lost. */
  connectTo(nodeUrl: string): void
  /** Refuses new connections and ends the open ones. */
  cut(): void
  /** Keeps all connections open and accepts new ones, but discards their data until `connectTo` is called. */
  stall(): void
  close(): Promise<void>
}

export async function startTcpProxy(nodeUrl: string): Promise<TcpProxy> {
  let target: URL | undefined = new URL(nodeUrl)
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
    incoming.on('data', (data) => {
      if (!isStalled) outgoing.write(data)
    })
    outgoing.on('data', (data) => {
      if (!isStalled) incoming.write(data)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const endConnections = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    connectTo: (nextUrl) => {
      target = new URL(nextUrl)
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
