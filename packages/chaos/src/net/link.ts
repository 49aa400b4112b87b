import { connect, createServer, type Socket } from 'node:net'

/**
 * `cut`: every connection is reset, and new ones are · `stall`: nothing moves, nothing is lost · `delay`: everything comes
 * later · `half-open`: the far end is gone and nobody says so, what is sent is swallowed until the end, which resets.
 */
export type LinkFault = 'cut' | 'stall' | 'delay' | 'half-open'

/** What stands between a process and others. */
export interface Breakable {
  readonly name: string
  readonly fault: LinkFault | null
  /** The links that a bundle consists of. */
  readonly parts?: Link[]
  break(fault: LinkFault): void
  heal(): void
  close(): Promise<void>
}

/** One direction of thought: everything that one process says to one server goes through here. */
export interface Link extends Breakable {
  readonly port: number
  /** Where it leads; null while nobody is there. */
  target: number | null
}

/** Links of one process to servers that stand in for each other, broken and healed together. */
export const bundle = (name: string, parts: Link[]): Breakable => ({
  name,
  parts,
  get fault() {
    return parts.find(({ fault }) => fault !== null)?.fault ?? null
  },
  break: (fault) => {
    for (const link of parts) link.break(fault)
  },
  heal: () => {
    for (const link of parts) link.heal()
  },
  close: async () => {
    await Promise.all(parts.map((link) => link.close()))
  },
})

const DELAY_MS = 150

interface Pair {
  near: Socket
  far: Socket
}

export async function openLink(name: string, target: number | null = null): Promise<Link> {
  const pairs = new Set<Pair>()
  let fault: LinkFault | null = null

  const drop = (pair: Pair) => {
    pairs.delete(pair)
    for (const socket of [pair.near, pair.far]) socket.resetAndDestroy()
  }
  const pass = (pair: Pair, from: Socket, to: Socket) => {
    const late: Array<() => void> = []
    /** In the order it came, also when the link is quick again. */
    const inTurn = (act: () => void) => {
      if (fault !== 'delay' && late.length === 0) return act()
      late.push(act)
      setTimeout(() => late.shift()?.(), DELAY_MS)
    }
    from.on('data', (bytes) => {
      if (fault === 'half-open') return // swallowed
      inTurn(() => {
        if (!to.destroyed && !to.write(bytes)) from.pause()
      })
    })
    to.on('drain', () => fault !== 'stall' && from.resume())
    from.on('end', () => fault !== 'half-open' && inTurn(() => to.end()))
    from.on('error', () => {})
    from.on('close', () => {
      if (fault === 'half-open') return // the other side hears nothing of it until the end
      pairs.delete(pair)
      to.destroy()
    })
    if (fault === 'stall') from.pause()
  }
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    near.on('error', () => {})
    if (fault === 'cut' || link.target === null) return near.resetAndDestroy()
    const far = connect({ port: link.target, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    const pair = { near, far }
    pairs.add(pair)
    pass(pair, near, far)
    pass(pair, far, near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()

  const link: Link = {
    name,
    port: address !== null && typeof address === 'object' ? address.port : 0,
    target,
    get fault() {
      return fault
    },
    break(next) {
      fault = next
      for (const pair of [...pairs]) {
        if (next === 'cut') drop(pair)
        if (next === 'stall') for (const socket of [pair.near, pair.far]) socket.pause()
        if (next === 'half-open') pair.far.resetAndDestroy()
      }
    },
    heal() {
      const healed = fault
      fault = null
      for (const pair of [...pairs]) {
        if (healed === 'half-open') drop(pair)
        if (healed === 'stall') for (const socket of [pair.near, pair.far]) socket.resume()
      }
    },
    close: async () => {
      for (const pair of [...pairs]) drop(pair)
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return link
}
