import type { Event, MemberRole, UserRole } from '@engineer-chat/protocol'

/** Identifies the calling user or agent. The access token names the user, and MySQL holds the role. */
export interface Principal {
  user_id: string
  role: UserRole
}

/** States an event's access and a user's role in it. The role is null if the user is not a member. */
export interface AccessAndRole {
  access: Event['access']
  role: MemberRole | null
}
