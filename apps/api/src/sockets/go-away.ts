import { setTimeout as after } from 'node:timers/promises'
import { CLOSE, type GoAway } from '@engineer-chat/protocol'
import type { Hub } from './hub.ts'
import type { SocketPeer } from './room/membership.ts'
import type { SocketLimits } from './socket-limits.ts'

const BATCHES = 10

/** Each client is given a moment of its own to come back at: a node's sockets shouldn't fall on the others at once. */
export function createGoAwayFrame({ reconnect_within_ms }: Pick<SocketLimits, 'reconnect_within_ms'>): GoAway {
  return { type: 'goaway', reason: 'restart', reconnect_after_ms: Math.floor(Math.random() * reconnect_within_ms) }
}

/** The node stops: everybody is told, served on for a moment, and closed in shuffled batches. Takes a bounded time. */
export async function sendGoAway(hub: Hub): Promise<void> {
  hub.closing = true
  const peers = shuffle([...hub.peers()])
  for (const peer of peers) peer.send(createGoAwayFrame(hub.limits))
  const size = Math.ceil(peers.length / BATCHES)
  for (let first = 0; first < peers.length; first += size) {
    await after(hub.limits.goaway_ms / BATCHES)
    for (const peer of peers.slice(first, first + size)) peer.close(CLOSE.restart, 'restart')
  }
  await Promise.all(peers.map((peer) => peer.closed())) // closing cuts them off after its grace
  hub.close()
}

function shuffle(peers: SocketPeer[]): SocketPeer[] {
  return peers
    .map((peer) => ({ peer, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ peer }) => peer)
}
