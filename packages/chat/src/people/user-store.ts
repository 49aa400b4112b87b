import type { User, UserRole } from '@engineer-chat/protocol'
import type { Items } from '../shared/index.ts'

export interface UserStore {
  /** @throws ChatError username_taken */
  create(user: { user_id: string; username: string; password_hash: string; role: UserRole }): Promise<User>
  /** Creates the user where there is none yet; `undefined` where there is, and then nothing changes. One of many that race succeeds. */
  createFirst(user: {
    user_id: string
    username: string
    password_hash: string
    role: UserRole
  }): Promise<User | undefined>
  find(user_id: string): Promise<User | undefined>
  /** By name, for a login; the hash never goes further. */
  findCredentials(username: string): Promise<{ user: User; password_hash: string } | undefined>
  list(query: { cursor?: string; limit: number }): Promise<Items<User>>
  /** A changed password, role or a deactivation ends every sign-in of the user. @throws ChatError user_not_found, last_admin */
  update(user_id: string, changes: { role?: UserRole; active?: boolean; password_hash?: string }): Promise<User>
}

/** A sign-in and its rotating refresh tokens, which are stored as hashes. Times are MySQL's. */
export interface SignInStore {
  /** False, and nothing is begun: the user is inactive by now, or the password that was verified is no longer theirs. */
  create(sign_in: {
    sign_in_id: string
    user_id: string
    token_hash: string
    ttl_s: number
    password_hash: string
  }): Promise<boolean>
  /**
   * Replaces the token by the next one. A token that was used before revokes its whole family. Resolves to undefined
   * if the token is unknown, expired, revoked or reused, or its user is inactive.
   */
  rotate(token_hash: string, next_hash: string, ttl_s: number): Promise<{ sign_in_id: string; user: User } | undefined>
  /** Ends the sign-in; unknown ones are fine. */
  end(sign_in_id: string): Promise<void>
  /** Ends every sign-in of the user. */
  endAll(user_id: string): Promise<void>
}
