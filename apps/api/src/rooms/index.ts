export type { RoomLimits } from './limits.ts'
export { type RoomsMetrics, roomsMetrics } from './metrics.ts'
export { roomsPlugin } from './plugin.ts'
