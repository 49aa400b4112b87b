import type { Connections } from './connections.ts'

/** The connections are checked in ten groups, because checking ten thousand of them in one tick takes too long. */
export const HEARTBEAT_GROUPS = 10

/**
 * Returns a function that is called HEARTBEAT_GROUPS times per heartbeat. Each call checks the connections of the next
 * group.
 */
export function createHeartbeat(connections: Pick<Connections, 'listAll'>): () => void {
  let group = 0
  return () => {
    for (const peer of connections.listAll()) if (peer.heartbeatGroup === group) peer.runHeartbeat()
    group = (group + 1) % HEARTBEAT_GROUPS
  }
}
