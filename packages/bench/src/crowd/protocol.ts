import type { DialectName } from './dialects.ts'
import type { Seat } from './socket.ts'

/** Milliseconds of the machine's own clock, the same in all its processes. */
export const machineNow = (): number => Number(process.hrtime.bigint()) / 1e6

/** What is asked of the crowd's process; it answers each with `CrowdAnswer`, in order. */
export type CrowdCommand =
  /** Sits down `seats` sockets, at most `at_once` of them on their way at a time. */
  | { type: 'open'; group: string; dialect: DialectName; url: string; seats: Seat[]; at_once: number }
  | { type: 'close'; group: string }
  /** From now on deliveries are counted anew. */
  | { type: 'listen'; stamped: boolean }
  /** Answered when so many deliveries are in; `published_at` is the machine's clock. */
  | { type: 'heard'; deliveries: number; published_at: number }
  /** What has been heard since `listen`. */
  | { type: 'summary' }

export interface CrowdAnswer {
  error?: string
  elapsed_ms?: number
  deliveries?: number
  p50_ms?: number
  p99_ms?: number
}
