import type { User, UserRole } from '@engineer-chat/protocol'
import type { Items } from '../shared/index.ts'

export interface UserStore {
  /** @throws ChatError username_taken */
  create(user: { user_id: string; username: string; password_hash: string; role: UserRole }): Promise<User>
  /**
   * Creates the user if the installation has no user yet, otherwise changes nothing and resolves to undefined. If
   * several calls race, one succeeds.
   */
  createFirst(user: {
    user_id: string
    username: string
    password_hash: string
    role: UserRole
  }): Promise<User | undefined>
  find(user_id: string): Promise<User | undefined>
  /** Finds a user by name, to check a password. The hash must not reach a client or a log. */
  findCredentials(username: string): Promise<{ user: User; password_hash: string } | undefined>
  /** Finds the users with exactly these names, in any order. */
  findByUsernames(usernames: string[]): Promise<User[]>
  list(query: { cursor?: string; limit: number }): Promise<Items<User>>
  /**
   * Changes a user. A new password, a new role or a deactivation ends every sign-in of the user.
   * @throws ChatError user_not_found, last_admin
   */
  update(user_id: string, changes: { role?: UserRole; active?: boolean; password_hash?: string }): Promise<User>
  /**
   * Replaces the hash against which a password was verified. Resolves to false and changes nothing if that hash was
   * replaced meanwhile, or if the user is inactive. With `kept_sign_in_id`, every other sign-in of the user ends;
   * without it, no sign-in ends.
   */
  replacePasswordHash(
    user_id: string,
    hashes: { verified_hash: string; password_hash: string; kept_sign_in_id?: string },
  ): Promise<boolean>
}

export interface SignInLifetime {
  /** Each refresh token is valid for this many seconds, but never beyond the end of its sign-in. */
  refreshTokenSeconds: number
  /** A sign-in ends this many seconds after its login, however often it is refreshed. */
  maxAgeSeconds: number
}

/** Stores sign-ins and their rotating refresh tokens as hashes. It reads the time from MySQL's clock. */
export interface SignInStore {
  /** Resolves to false and begins no sign-in if the user is inactive or no longer has the hash `verified_hash`. */
  create(sign_in: {
    sign_in_id: string
    user_id: string
    token_hash: string
    /** The refresh token is valid for this many seconds. */
    refreshTokenSeconds: number
    /** The password of the login was verified against this hash, which is not stored with the sign-in. */
    verified_hash: string
    /** Holds a hash of the user's name and network. Without it, the store does not remember the network. */
    network_hash?: string
  }): Promise<boolean>
  /** Resolves to true if a sign-in that is still stored, ended or not, began with one of these hashes. */
  hasSignedInFrom(network_hashes: string[]): Promise<boolean>
  /**
   * Replaces the token by the next one. A token that was used before revokes its whole family. Resolves to undefined
   * if the token is unknown, expired, revoked or reused, if its user is inactive, or if its sign-in is too old. The
   * sign-in has `remaining_s` seconds left, at least one.
   */
  rotate(
    token_hash: string,
    next_hash: string,
    lifetime: SignInLifetime,
  ): Promise<{ sign_in_id: string; user: User; remaining_s: number } | undefined>
  /** Ends the sign-in. An unknown sign-in is not an error. */
  end(sign_in_id: string): Promise<void>
  /** Ends every sign-in of the user. */
  endAll(user_id: string): Promise<void>
}
