import type { UserRole } from '@engineer-chat/protocol'
import type { Membership, Principal } from '../shared/index.ts'

export interface SignInRef {
  user_id: string
  sign_in_id: string
}

/**
 * What MySQL says now, or said less than half a second ago: implementations may answer from a cache of at most
 * `RIGHTS_MAX_AGE_MS`, never from one that only a hint would correct.
 */
export interface Rights {
  /** The caller's role as it is now; undefined once signed out, deactivated, or changed since the sign-in. */
  findPrincipal(sign_in: SignInRef): Promise<Principal | undefined>
  /** Undefined when there is no such event. */
  findMembership(user_id: string, event_id: string): Promise<Membership | undefined>
}

export const RIGHTS_MAX_AGE_MS = 400

/** For the sockets' twice-a-second look: one read for all of them, past every cache. */
export interface RightsReader {
  /** By sign-in id; those that are no longer good are left out. */
  findPrincipals(sign_ins: SignInRef[]): Promise<Map<string, { role: UserRole }>>
  findMemberships(pairs: Array<{ user_id: string; event_id: string }>): Promise<Map<string, Membership>>
}

/** Builds the key of `memberships`. */
export const toMembershipKey = (user_id: string, event_id: string): string => `${user_id} ${event_id}`
