export type { SocketLimits } from './socket-limits.ts'
export { createSocketMetrics, SOCKET_COUNTS, type SocketMetrics } from './socket-metrics.ts'
export { socketsPlugin } from './sockets-plugin.ts'
