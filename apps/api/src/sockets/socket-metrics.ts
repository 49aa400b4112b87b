/** Names that end in `_total` are counters; the others are gauges. */
export const SOCKET_COUNTS = [
  'connections',
  'rooms',
  'connections_total',
  'refused_total',
  'slow_closed_total',
  'revoked_total',
  'deliveries_total',
  /** It counts a delta once for each slow socket, and once if too many deltas of its reply were waiting. */
  'deltas_dropped_total',
  'catch_ups_total',
  'held_back_total', // It counts how often a room delivered no changes, because the rights were not fresh.
] as const

/** Holds the counts of a WebSocket node. */
export interface SocketMetrics extends Record<(typeof SOCKET_COUNTS)[number], number> {
  /** Returns the bytes that wait in memory to be written to sockets. */
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
