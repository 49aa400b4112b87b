import type { RoomChange } from './model.ts'

/**
 * Publishes hints, never the truth. A lost hint is found by sequence number. Its methods never throw and never wait.
 */
export interface RoomBus {
  publish(change: RoomChange): void
  /** Tells the nodes that rights changed; they read them immediately instead of within half a second. */
  publishRightsChange(): void
  /** Tells the reply's worker to read its row. */
  publishCancel(message_id: string): void
}

/** Receives cancellations on a worker. */
export interface CancelFeed {
  onCancel(listener: (message_id: string) => void): void
}
