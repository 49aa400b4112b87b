import { connect, createServer, type Socket } from 'node:net'

/**
 * `cut` resets every connection, new ones too. `stall` moves nothing and loses nothing. `delay` passes everything later.
 * `half-open` loses everything, because the far end is gone. The near end gets a reset when the link is healed.
 */
export type LinkFault = 'cut' | 'stall' | 'delay' | 'half-open'

/** Is a connection, or several, that a fault can break. */
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
  target: number | null
}

/** Joins the links of one process to the servers of one Redis. They are broken and healed together. */
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

interface Pair {
  near: Socket
  far: Socket
}

interface LinkState {
  fault: LinkFault | null
  target: number | null
  readonly pairs: Set<Pair>
}

export async function openLink(name: string, target: number | null = null): Promise<Link> {
  const state: LinkState = { fault: null, target, pairs: new Set() }
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => accept(state, near))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    name,
    port: address !== null && typeof address === 'object' ? address.port : 0,
    get target() {
      return state.target
    },
    set target(port) {
      state.target = port
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

function accept(state: LinkState, near: Socket): void {
  near.on('error', () => {})
  if (state.fault === 'cut' || state.target === null) {
    near.resetAndDestroy()
    return
  }
  const far = connect({ port: state.target, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  const pair = { near, far }
  state.pairs.add(pair)
  forward(state, pair, near, far)
  forward(state, pair, far, near)
}

/** Passes on what comes from one side of a pair to the other, as far as the link's fault lets it. */
function forward(state: LinkState, pair: Pair, from: Socket, to: Socket): void {
  const runInOrder = createDelay(state)
  from.on('data', (bytes) => {
    if (state.fault === 'half-open') return // The far end is gone, so the bytes are lost.
    runInOrder(() => {
      if (!to.destroyed && !to.write(bytes)) from.pause()
    })
  })
  to.on('drain', () => state.fault !== 'stall' && from.resume())
  from.on('end', () => state.fault !== 'half-open' && runInOrder(() => to.end()))
  from.on('error', () => {})
  from.on('close', () => {
    if (state.fault === 'half-open') return // The other side learns of it when the link is healed.
    state.pairs.delete(pair)
    to.destroy()
  })
  if (state.fault === 'stall') from.pause()
}

/** Runs actions late while the link has a delay. They keep their order, also when the delay ends. */
function createDelay(state: LinkState): (act: () => void) => void {
  const waiting: Array<() => void> = []
  return (act) => {
    if (state.fault !== 'delay' && waiting.length === 0) return act()
    waiting.push(act)
    setTimeout(() => waiting.shift()?.(), DELAY_MS)
  }
}

function breakLink(state: LinkState, fault: LinkFault): void {
  state.fault = fault
  for (const pair of [...state.pairs]) {
    if (fault === 'cut') reset(state, pair)
    if (fault === 'stall') for (const socket of [pair.near, pair.far]) socket.pause()
    if (fault === 'half-open') pair.far.resetAndDestroy()
  }
}

function healLink(state: LinkState): void {
  const healed = state.fault
  state.fault = null
  for (const pair of [...state.pairs]) {
    if (healed === 'half-open') reset(state, pair)
    if (healed === 'stall') for (const socket of [pair.near, pair.far]) socket.resume()
  }
}

function reset(state: LinkState, pair: Pair): void {
  state.pairs.delete(pair)
  for (const socket of [pair.near, pair.far]) socket.resetAndDestroy()
}
