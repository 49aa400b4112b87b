import type { AuditContext } from './audit/audit.ts'
import type { ReplyQueue, ReplyRef } from './reply-queue.ts'
import type { RoomBus } from './room-bus.ts'
import type { RoomChange } from './room-change.ts'

/**
 * Notifies the room and the queue of what was stored. Nothing awaits these hints, so a stored change succeeds even if
 * Redis is down. With `auditContext`, the worker's log and its traces name the request.
 */
export function notifyRoomAndQueue(
  ctx: { bus: RoomBus; queue: ReplyQueue },
  stored: { change: RoomChange | null; job: ReplyRef | null },
  auditContext?: Pick<AuditContext, 'request_id' | 'traceparent'>,
): void {
  const { request_id, traceparent } = auditContext ?? {}
  const trace = traceparent === undefined ? undefined : { traceparent }
  if (stored.change) ctx.bus.publish({ ...stored.change, ...trace })
  if (stored.job) ctx.queue.add([{ ...stored.job, ...(request_id && { request_id }), ...trace }])
}
