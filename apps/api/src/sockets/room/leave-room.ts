import type { SocketMetrics } from '../socket-metrics.ts'
import type { RoomMembership } from './membership.ts'

export function leaveRoom(member: RoomMembership): void {
  const { status, peer, eventId } = member
  if (status.state === 'left') return
  member.status = { state: 'left' }
  if (peer.rooms.get(eventId) === member) peer.rooms.delete(eventId)
  if (status.state !== 'checking') status.room.remove(member)
}

/**
 * Removes a member who may not be in the room, and sends an error. A socket that has not joined yet gets the same error
 * as for a room that does not exist.
 */
export function refuseMember(metrics: Pick<SocketMetrics, 'revoked_total'>, member: RoomMembership): void {
  const { status, peer, eventId } = member
  if (status.state === 'left') return
  leaveRoom(member)
  if (status.state === 'checking') {
    peer.sendError('event_not_found', 'There is no such event.', eventId)
    return
  }
  metrics.revoked_total += 1
  peer.sendError('forbidden', 'You may no longer see this event.', eventId)
}
