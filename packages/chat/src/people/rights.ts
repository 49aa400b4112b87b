import type { UserRole } from '@engineer-chat/protocol'
import type { AccessAndRole, Principal } from '../shared/index.ts'

export interface SignInRef {
  user_id: string
  sign_in_id: string
}

/**
 * Describes an access token, or a WebSocket ticket that was issued with this token: the sign-in that it belongs to, and
 * the time when the token expires. The sign-in may last longer than the token.
 */
export interface ExpiringSignIn extends SignInRef {
  /** The access token expires at this time, in milliseconds since 1970. */
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
  /** Finds the event's access and the user's role in the event. Resolves to undefined if the event does not exist. */
  findAccessAndRole(user_id: string, event_id: string): Promise<AccessAndRole | undefined>
}

/** `RightsLookup` resolves to no value that was read longer ago than this. */
export const RIGHTS_MAX_AGE_MS = 400

/** Reads the rights of many callers at once, without a cache. API nodes use it for the rights of their open sockets. */
export interface UncachedRights {
  /**
   * Maps the id of each sign-in to the present role of its user. A sign-in for which `findPrincipal` resolves to
   * undefined is left out.
   */
  findPrincipals(sign_ins: SignInRef[]): Promise<Map<string, { role: UserRole }>>
  /**
   * Maps the `toAccessKey` of each pair to the event's access and the user's role in the event. A pair whose event does
   * not exist is left out.
   */
  findAccessAndRoles(pairs: Array<{ user_id: string; event_id: string }>): Promise<Map<string, AccessAndRole>>
}

/** Builds a key of the map that `findAccessAndRoles` returns. */
export const toAccessKey = (user_id: string, event_id: string): string => `${user_id} ${event_id}`
