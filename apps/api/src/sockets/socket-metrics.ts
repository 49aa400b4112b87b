/** What the node counts. The first two are gauges, the rest only rise. */
export interface SocketMetrics {
  connections: number
  rooms: number
  connections_total: number
  refused_total: number
  slow_closed_total: number
  revoked_total: number
  deliveries_total: number
  deltas_dropped_total: number
  catch_ups_total: number
  held_back_total: number
  /** What waits in memory for slow sockets. */
  bufferedBytes(): number
}

export const createSocketMetrics = (): SocketMetrics => ({
  connections: 0,
  rooms: 0,
  connections_total: 0,
  refused_total: 0,
  slow_closed_total: 0,
  revoked_total: 0,
  deliveries_total: 0,
  deltas_dropped_total: 0,
  catch_ups_total: 0,
  held_back_total: 0,
  bufferedBytes: () => 0,
})
