import type { SocketPeer } from '../room/membership.ts'
import type { SocketMetrics } from '../socket-metrics.ts'

export interface ConnectionsContext {
  limits: { connectionsPerUser: number }
  metrics: SocketMetrics
}

/** Keeps the connections of this node whose users are known. */
export class Connections {
  /** True means that the node is stopping and accepts no further connections. */
  isClosing = false
  readonly #ctx: ConnectionsContext
  readonly #peers = new Set<SocketPeer>()
  readonly #countByUser = new Map<string, number>()

  constructor(ctx: ConnectionsContext) {
    this.#ctx = ctx
    ctx.metrics.bufferedBytes = () => this.listAll().reduce((sum, { outbox }) => sum + outbox.waitingBytes, 0)
  }

  listAll(): SocketPeer[] {
    return [...this.#peers]
  }

  has(peer: SocketPeer): boolean {
    return this.#peers.has(peer)
  }

  add(peer: SocketPeer): 'added' | 'closing' | 'too_many' {
    const { limits, metrics } = this.#ctx
    const { user_id } = peer.caller
    const count = this.#countByUser.get(user_id) ?? 0
    if (this.isClosing) return 'closing'
    if (count >= limits.connectionsPerUser) return 'too_many'
    this.#countByUser.set(user_id, count + 1)
    this.#peers.add(peer)
    metrics.connections = this.#peers.size
    metrics.connections_total += 1
    return 'added'
  }

  /** Returns false if the connection was removed already, or never added. */
  remove(peer: SocketPeer): boolean {
    if (!this.#peers.delete(peer)) return false
    const { user_id } = peer.caller
    const count = (this.#countByUser.get(user_id) ?? 1) - 1
    if (count === 0) this.#countByUser.delete(user_id)
    else this.#countByUser.set(user_id, count)
    this.#ctx.metrics.connections = this.#peers.size
    return true
  }
}
