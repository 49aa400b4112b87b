import type { UserRole } from '@engineer-chat/protocol'
import type { AccessAndRole, Principal } from '../shared/index.ts'

export interface SignInRef {
  user_id: string
  sign_in_id: string
}

/** Identifies the sign-in that an access token or a WebSocket ticket was issued for. The sign-in may last longer. */
export interface ExpiringSignIn extends SignInRef {
  /** The access token expires at this time, in milliseconds since 1970. A ticket has the time of its access token. */
  expires_at: number
}

/**
 * Reads from MySQL what a caller's rights depend on: the user, the event's access and the member's role. An
 * implementation may cache a value for `RIGHTS_MAX_AGE_MS`. It must not rely on hints to correct a cached value,
 * because a hint may be lost.
 */
export interface RightsLookup {
  /**
   * Finds the caller and their present role. Resolves to undefined if the user is inactive, or if the sign-in has
   * ended, for example by a sign-out or by a new role or password of the user.
   */
  findPrincipal(sign_in: SignInRef): Promise<Principal | undefined>
  /** Resolves to undefined if the event does not exist. */
  findAccessAndRole(user_id: string, event_id: string): Promise<AccessAndRole | undefined>
}

export const RIGHTS_MAX_AGE_MS = 400

/** Reads many rights at once and without a cache. Twice a second it reads those of all open sockets. */
export interface UncachedRights {
  /** Maps the id of each sign-in to its user's role; sign-ins that are no longer valid are left out. */
  findPrincipals(sign_ins: SignInRef[]): Promise<Map<string, { role: UserRole }>>
  /** Maps each key of `toAccessKey` to the access and the role; events that do not exist are left out. */
  findAccessAndRoles(pairs: Array<{ user_id: string; event_id: string }>): Promise<Map<string, AccessAndRole>>
}

/** Builds a key of the map that `findAccessAndRoles` returns. */
export const toAccessKey = (user_id: string, event_id: string): string => `${user_id} ${event_id}`
