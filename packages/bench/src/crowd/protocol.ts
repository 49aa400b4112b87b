import type { DialectName } from './dialects.ts'
import type { Seat } from './socket.ts'

/** Returns milliseconds of the machine's monotonic clock, which all its processes share. */
export const machineNow = (): number => Number(process.hrtime.bigint()) / 1e6

/** Is a command to the crowd's process, which answers each with a `CrowdAnswer`, in order. */
export type CrowdCommand =
  /** Opens `seats` sockets, at most `at_once` of them at a time. */
  | { type: 'open'; group: string; dialect: DialectName; url: string; seats: Seat[]; at_once: number }
  | { type: 'close'; group: string }
  /** Resets the count of deliveries. */
  | { type: 'listen'; stamped: boolean }
  /** Is answered once this many deliveries have arrived; `published_at` is a time of the machine's clock. */
  | { type: 'heard'; deliveries: number; published_at: number }
  /** Asks for the deliveries since `listen`. */
  | { type: 'summary' }

export interface CrowdAnswer {
  error?: string
  elapsed_ms?: number
  deliveries?: number
  p50_ms?: number
  p99_ms?: number
}
