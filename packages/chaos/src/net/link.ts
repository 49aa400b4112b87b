import { connect, createServer, type Socket } from 'node:net'

/**
 * `cut` resets every connection, also each new one. `stall` holds all bytes back until the link is healed. `delay`
 * forwards all bytes late. `half-open` resets the socket to the server and drops all bytes; the client's socket is reset
 * when the link is healed.
 */
export type LinkFault = 'cut' | 'stall' | 'delay' | 'half-open'

/** Is one link or a bundle of links that a fault can break. */
export interface Breakable {
  readonly name: string
  readonly fault: LinkFault | null
  /** Lists the links of a bundle. */
  readonly bundledLinks?: Link[]
  break(fault: LinkFault): void
  heal(): void
  close(): Promise<void>
}

/** Carries every connection of one process to one server. */
export interface Link extends Breakable {
  readonly port: number
  /** Is the port that the link leads to; null while no process listens there. */
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

/** Is one connection through a link: the socket of the client and the socket to the server. */
interface Pair {
  clientSocket: Socket
  serverSocket: Socket
}

interface LinkState {
  fault: LinkFault | null
  targetPort: number | null
  readonly pairs: Set<Pair>
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

/** Forwards the bytes and the end of `from` to `to`, unless the link's fault prevents it. */
function forward(state: LinkState, pair: Pair, from: Socket, to: Socket): void {
  const runInOrder = createDelay(state)
  from.on('data', (bytes) => {
    if (state.fault === 'half-open') return // This fault drops all bytes.
    runInOrder(() => {
      if (!to.destroyed && !to.write(bytes)) from.pause()
    })
  })
  to.on('drain', () => state.fault !== 'stall' && from.resume())
  from.on('end', () => state.fault !== 'half-open' && runInOrder(() => to.end()))
  from.on('error', () => {})
  from.on('close', () => {
    if (state.fault === 'half-open') return // The other socket is reset when the link is healed.
    state.pairs.delete(pair)
    to.destroy()
  })
  if (state.fault === 'stall') from.pause()
}

/** Runs actions DELAY_MS later while the link's fault is `delay`. They keep their order, also when that fault ends. */
function createDelay(state: LinkState): (act: () => void) => void {
  const waitingActions: Array<() => void> = []
  return (act) => {
    if (state.fault !== 'delay' && waitingActions.length === 0) return act()
    waitingActions.push(act)
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

function reset(state: LinkState, pair: Pair): void {
  state.pairs.delete(pair)
  for (const socket of [pair.clientSocket, pair.serverSocket]) socket.resetAndDestroy()
}
