export type { SocketLimits } from './socket-limits.ts'
export { createSocketMetrics, type SocketMetrics } from './socket-metrics.ts'
export { socketsPlugin } from './sockets-plugin.ts'
