import type { RoomChange } from './room-change.ts'

/**
 * Publishes hints. A lost hint does no harm, because receivers find a missing change by its sequence number. No method
 * throws or waits.
 */
export interface RoomBus {
  publish(change: RoomChange): void
  /** Makes the nodes read the rights of their sockets immediately. Without this, they read them twice a second. */
  publishRightsChange(): void
  /** Tells the worker of this reply to read the row of the reply, which may be cancelled. */
  publishCancel(message_id: string): void
}

/** Receives cancellations on a worker. */
export interface CancelFeed {
  onCancel(listener: (message_id: string) => void): void
}
