import type { SocketPeer } from './room/membership.ts'

/** Ten thousand connections don't beat in one tick. */
export const HEARTBEAT_SLOTS = 10

/** To be called so many times in the time of one heartbeat: each call beats for the connections of the next slot. */
export function createHeartbeat(peers: Iterable<SocketPeer>): () => void {
  let slot = 0
  return () => {
    for (const peer of peers) if (peer.slot % HEARTBEAT_SLOTS === slot) peer.checkAlive()
    slot = (slot + 1) % HEARTBEAT_SLOTS
  }
}
