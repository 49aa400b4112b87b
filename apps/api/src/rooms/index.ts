export type { RoomsDeps } from './hub.ts'
export { ROOM_LIMITS, type RoomLimits } from './limits.ts'
export { type RoomsMetrics, roomsMetrics } from './metrics.ts'
export { type RoomsOptions, roomsPlugin } from './plugin.ts'
