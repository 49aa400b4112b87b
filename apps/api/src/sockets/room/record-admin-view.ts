import { isAdminView } from '@engineer-chat/chat/people'
import type { AccessAndRole } from '@engineer-chat/chat/shared'
import type { RoomMembership } from './membership.ts'

export interface RecordViewContext {
  /** Writes an audit entry before a restricted room is shown to an admin who is not a member of its event. */
  onAdminView?(admin: { user_id: string; address: string }, event_id: string): Promise<void>
}

/**
 * Records that a socket is in a room only because its user is an admin: when the socket subscribes, and later when the
 * event becomes restricted or the user loses the role in it. If the promise rejects, the caller must show nothing.
 */
export async function recordAdminView(
  { onAdminView }: RecordViewContext,
  member: RoomMembership,
  accessAndRole: AccessAndRole | undefined,
): Promise<void> {
  const { peer, eventId } = member
  const wasAdminView = member.isAdminView
  member.isAdminView = isAdminView(peer.caller, accessAndRole)
  if (member.isAdminView && !wasAdminView) {
    await onAdminView?.({ user_id: peer.caller.user_id, address: peer.address }, eventId)
  }
}
