import type { ReplyRef, RoomChange } from './model.ts'
import type { ReplyQueue, RoomBus } from './room-bus.ts'

/** Tells the room and the queue what was stored. Hints, nothing to await: a dead Redis can't fail a saved change. */
export function publishChange(
  ctx: { bus: RoomBus; queue: ReplyQueue },
  stored: { change: RoomChange | null; job: ReplyRef | null },
): void {
  if (stored.change) ctx.bus.publish(stored.change)
  if (stored.job) ctx.queue.add([stored.job])
}
