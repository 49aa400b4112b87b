import type { Subscription } from './client-socket.ts'
import type { DialectName } from './dialects.ts'

/** Reads the monotonic clock of the machine, which all its processes share, in milliseconds. */
export const readMachineClockMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** Lists the requests to the process of the clients, which sends a `ClientResponse` to each of them, in order. */
export type ClientRequest =
  /** Opens a socket for each subscription, `maxConcurrent` of them at a time. */
  | {
      type: 'open'
      group: string
      dialect: DialectName
      url: string
      subscriptions: Subscription[]
      maxConcurrent: number
    }
  | { type: 'close'; group: string }
  /** Starts to count from zero. If `isStamped`, the time of a delivery is measured from the stamp in its text. */
  | { type: 'startCounting'; isStamped: boolean }
  /**
   * Waits for this many deliveries, and then counts from zero again. Their times are measured from `publishedAtMs`, by
   * the machine's clock.
   */
  | { type: 'waitForDeliveries'; deliveries: number; publishedAtMs: number }
  /** Reads the statistics of the deliveries since `startCounting`. Its quantiles are delays only if `isStamped`. */
  | { type: 'readDeliveries' }

export interface ClientResponse {
  error?: string
  /** Gives the time until all sockets were open, or until the last delivery came. */
  elapsedMs?: number
  deliveries?: number
  p50Ms?: number
  p99Ms?: number
}
