export type { RoomLimits } from './socket-limits.ts'
export { type RoomsMetrics, roomsMetrics } from './socket-metrics.ts'
export { roomsPlugin } from './sockets-plugin.ts'
