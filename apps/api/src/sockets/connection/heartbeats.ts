import type { Connections } from './connections.ts'

/** The connections are checked in ten portions, so that ten thousand of them are not checked in one tick. */
export const HEARTBEAT_SLOTS = 10

/**
 * Returns a function that is called HEARTBEAT_SLOTS times per heartbeat. Each call checks the connections of the next
 * slot.
 */
export function createHeartbeat(connections: Pick<Connections, 'listAll'>): () => void {
  let slot = 0
  return () => {
    for (const peer of connections.listAll()) if (peer.slot % HEARTBEAT_SLOTS === slot) peer.checkAlive()
    slot = (slot + 1) % HEARTBEAT_SLOTS
  }
}
