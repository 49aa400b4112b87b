import { connect, createServer, type Socket } from 'node:net'

/**
 * `cut` resets every connection, also each new one. `stall` holds all bytes back until the link is healed. `delay`
 * forwards all bytes DELAY_MS later. `half-open` resets the open sockets to the server and drops all bytes, also those
 * of new connections. When the link is healed, the clients' sockets are reset.
 */
export type LinkFault = 'cut' | 'stall' | 'delay' | 'half-open'

/** Represents one link, or a bundle of links, that a fault can break and that can be healed. */
export interface Breakable {
  readonly name: string
  readonly fault: LinkFault | null
  /** Lists the links of a bundle; undefined for one link. */
  readonly bundledLinks?: Link[]
  break(fault: LinkFault): void
  heal(): void
  close(): Promise<void>
}

/** Carries every connection of one process to one server, or of all clients to one API node. */
export interface Link extends Breakable {
  readonly port: number
  /** Holds the port of the server; null until the API node behind this link has started for the first time. */
  targetPort: number | null
}

/** Bundles the links of one process to all servers of one Redis. They are broken and healed together. */
export const bundleLinks = (name: string, bundledLinks: Link[]): Breakable => ({
  name,
  bundledLinks,
  get fault() {
    return bundledLinks.find(({ fault }) => fault !== null)?.fault ?? null
  },
  break: (fault) => {
    for (const link of bundledLinks) link.break(fault)
  },
  heal: () => {
    for (const link of bundledLinks) link.heal()
  },
  close: async () => {
    await Promise.all(bundledLinks.map((link) => link.close()))
  },
})

const DELAY_MS = 150

/** Holds both sockets of one connection through a link: the socket of the client and the socket to the server. */
interface SocketPair {
  clientSocket: Socket
  serverSocket: Socket
}

interface LinkState {
  fault: LinkFault | null
  targetPort: number | null
  readonly pairs: Set<SocketPair>
}

export async function openLink(name: string, targetPort: number | null = null): Promise<Link> {
  const state: LinkState = { fault: null, targetPort, pairs: new Set() }
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (clientSocket) => accept(state, clientSocket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    name,
    port: address !== null && typeof address === 'object' ? address.port : 0,
    get targetPort() {
      return state.targetPort
    },
    set targetPort(port) {
      state.targetPort = port
    },
    get fault() {
      return state.fault
    },
    break: (fault) => breakLink(state, fault),
    heal: () => healLink(state),
    close: async () => {
      for (const pair of [...state.pairs]) reset(state, pair)
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function accept(state: LinkState, clientSocket: Socket): void {
  clientSocket.on('error', () => {})
  if (state.fault === 'cut' || state.targetPort === null) {
    clientSocket.resetAndDestroy()
    return
  }
  const serverSocket = connect({ port: state.targetPort, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  const pair = { clientSocket, serverSocket }
  state.pairs.add(pair)
  forward(state, pair, clientSocket, serverSocket)
  forward(state, pair, serverSocket, clientSocket)
}

/** Forwards the bytes and the end of `source` to `destination`, unless the link's fault prevents it. */
function forward(state: LinkState, pair: SocketPair, source: Socket, destination: Socket): void {
  const runInOrder = createDelayedRunner(state)
  source.on('data', (bytes) => {
    if (state.fault === 'half-open') return // This fault drops all bytes.
    runInOrder(() => {
      if (!destination.destroyed && !destination.write(bytes)) source.pause()
    })
  })
  destination.on('drain', () => {
    if (state.fault !== 'stall') source.resume()
  })
  source.on('end', () => {
    if (state.fault !== 'half-open') runInOrder(() => destination.end())
  })
  source.on('error', () => {})
  source.on('close', () => {
    if (state.fault === 'half-open') return // The other socket is reset when the link is healed.
    state.pairs.delete(pair)
    destination.destroy()
  })
  if (state.fault === 'stall') source.pause()
}

/**
 * Creates a function that runs actions at once, or DELAY_MS later while the link's fault is `delay`. The actions keep
 * their order, also when the fault ends.
 */
function createDelayedRunner(state: LinkState): (runAction: () => void) => void {
  const waitingActions: Array<() => void> = []
  return (runAction) => {
    if (state.fault !== 'delay' && waitingActions.length === 0) return runAction()
    waitingActions.push(runAction)
    setTimeout(() => waitingActions.shift()?.(), DELAY_MS)
  }
}

function breakLink(state: LinkState, fault: LinkFault): void {
  state.fault = fault
  for (const pair of [...state.pairs]) {
    if (fault === 'cut') reset(state, pair)
    if (fault === 'stall') for (const socket of [pair.clientSocket, pair.serverSocket]) socket.pause()
    if (fault === 'half-open') pair.serverSocket.resetAndDestroy()
  }
}

function healLink(state: LinkState): void {
  const healedFault = state.fault
  state.fault = null
  for (const pair of [...state.pairs]) {
    if (healedFault === 'half-open') reset(state, pair)
    if (healedFault === 'stall') for (const socket of [pair.clientSocket, pair.serverSocket]) socket.resume()
  }
}

function reset(state: LinkState, pair: SocketPair): void {
  state.pairs.delete(pair)
  for (const socket of [pair.clientSocket, pair.serverSocket]) socket.resetAndDestroy()
}
