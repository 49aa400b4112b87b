import { setTimeout as sleep } from 'node:timers/promises'
import { CLOSE_CODES, type GoAway } from '@engineer-chat/protocol'
import type { SocketPeer } from '../room/membership.ts'
import type { SocketLimits } from '../socket-limits.ts'
import type { Connections } from './connections.ts'

const BATCH_COUNT = 10

export interface CloseAllSocketsContext {
  connections: Pick<Connections, 'listAll' | 'isClosing'>
  limits: Pick<SocketLimits, 'closeWithinMs' | 'reconnectWithinMs'>
  stop(): void
}

/** The time to reconnect is random, so that the sockets of a node do not connect to the other nodes all at once. */
export function createGoAwayFrame({ reconnectWithinMs }: Pick<SocketLimits, 'reconnectWithinMs'>): GoAway {
  return { type: 'goaway', reason: 'restart', reconnect_after_ms: Math.floor(Math.random() * reconnectWithinMs) }
}

/**
 * Announces to all clients that the node stops, and closes their sockets within `closeWithinMs`, in random order and in
 * BATCH_COUNT batches. When all of them are closed, it stops the node's timers and rooms.
 */
export async function closeAllSockets({ connections, limits, stop }: CloseAllSocketsContext): Promise<void> {
  connections.isClosing = true
  const peers = shuffle(connections.listAll())
  for (const peer of peers) peer.send(createGoAwayFrame(limits))
  const batchSize = Math.ceil(peers.length / BATCH_COUNT)
  for (let first = 0; first < peers.length; first += batchSize) {
    await sleep(limits.closeWithinMs / BATCH_COUNT)
    for (const peer of peers.slice(first, first + batchSize)) peer.close(CLOSE_CODES.restart, 'restart')
  }
  // A client that does not answer is disconnected after its grace period.
  await Promise.all(peers.map((peer) => peer.waitUntilClosed()))
  stop()
}

function shuffle(peers: SocketPeer[]): SocketPeer[] {
  return peers
    .map((peer) => ({ peer, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ peer }) => peer)
}
