import type { AuditContext } from './audit.ts'
import type { ReplyRef, RoomChange } from './model.ts'
import type { ReplyQueue } from './reply-queue.ts'
import type { RoomBus } from './room-bus.ts'

/**
 * Notifies the room and the queue of what was stored. Nothing awaits these hints, so a dead Redis cannot fail a saved
 * change. With `auditContext`, the worker's log names the request.
 */
export function publishChange(
  ctx: { bus: RoomBus; queue: ReplyQueue },
  stored: { change: RoomChange | null; job: ReplyRef | null },
  auditContext?: Pick<AuditContext, 'request_id'>,
): void {
  if (stored.change) ctx.bus.publish(stored.change)
  const request_id = auditContext?.request_id
  if (stored.job) ctx.queue.add([{ ...stored.job, ...(request_id && { request_id }) }])
}
