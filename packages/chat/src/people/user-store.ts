import type { User, UserRole } from '@engineer-chat/protocol'
import type { Items } from '../shared/index.ts'

export interface UserStore {
  /** @throws ChatError username_taken */
  create(user: { user_id: string; username: string; password_hash: string; role: UserRole }): Promise<User>
  /**
   * Creates the user if the installation has no user yet, otherwise changes nothing and resolves to undefined. Of
   * several concurrent calls, only one creates its user.
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
   * Replaces `verified_hash`, against which a password was verified, by `password_hash`. Resolves to false and changes
   * nothing if the user no longer has the hash `verified_hash`, or if the user is inactive. With `kept_sign_in_id`,
   * every other sign-in of the user ends; without it, no sign-in ends.
   */
  replacePasswordHash(
    user_id: string,
    replacement: { verified_hash: string; password_hash: string; kept_sign_in_id?: string },
  ): Promise<boolean>
}

export interface SignInLifetime {
  /** Each refresh token is valid for this many seconds, but never beyond the end of its sign-in. */
  refreshTokenSeconds: number
  /** A sign-in ends this many seconds after its login, however often it is refreshed. */
  maxAgeSeconds: number
}

/** Stores sign-ins, and hashes of their refresh tokens. All times are of MySQL's clock. */
export interface SignInStore {
  /**
   * Stores a sign-in with its first refresh token. Resolves to false and stores nothing if the user is inactive or no
   * longer has the hash `verified_hash`.
   */
  create(sign_in: {
    sign_in_id: string
    user_id: string
    /** Is the hash of the first refresh token. */
    token_hash: string
    /** The first refresh token is valid for this many seconds. */
    refreshTokenSeconds: number
    /** The password of the login matched this hash of the user. It is not stored with the sign-in. */
    verified_hash: string
    /** Holds a keyed hash of the user's name and network. Without it, `hasSignedInFrom` does not find this sign-in. */
    network_hash?: string
  }): Promise<boolean>
  /**
   * Resolves to true if a stored sign-in has one of these hashes as its `network_hash`. Sign-ins that have ended count,
   * too, as long as they are stored.
   */
  hasSignedInFrom(network_hashes: string[]): Promise<boolean>
  /**
   * Replaces a refresh token by the next one. A token that was used before ends its sign-in, with all of its tokens.
   * Resolves to undefined if the token is unknown, expired or used, if its user is inactive, or if its sign-in has
   * ended or is older than `maxAgeSeconds`. Otherwise the sign-in ends in `remaining_s` seconds, which is at least 1.
   */
  rotate(
    token_hash: string,
    next_token_hash: string,
    lifetime: SignInLifetime,
  ): Promise<{ sign_in_id: string; user: User; remaining_s: number } | undefined>
  /** Ends the sign-in. An unknown sign-in is not an error. */
  end(sign_in_id: string): Promise<void>
  /** Ends every sign-in of the user. */
  endAll(user_id: string): Promise<void>
}
