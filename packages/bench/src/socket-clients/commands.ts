import type { Subscription } from './client-socket.ts'
import type { DialectName } from './dialects.ts'

/** Reads the monotonic clock of the machine, which all its processes share, in milliseconds. */
export const readMachineClockMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** Is a command to the process of the clients. It answers each with a `ClientAnswer`, in order. */
export type ClientCommand =
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
  /** Forgets all deliveries so far. If `isStamped`, the time of a delivery counts from the stamp in its text. */
  | { type: 'startCounting'; isStamped: boolean }
  /** Waits until this many deliveries have arrived; their times count from `publishedAtMs` of the machine's clock. */
  | { type: 'waitForDeliveries'; deliveries: number; publishedAtMs: number }
  /** Asks for the deliveries since `startCounting`. */
  | { type: 'readDeliveries' }

export interface ClientAnswer {
  error?: string
  elapsedMs?: number
  deliveries?: number
  p50Ms?: number
  p99Ms?: number
}
