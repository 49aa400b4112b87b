import type { Login, User } from '@engineer-chat/protocol'
import { ChatError, createId, createToken, sha256 } from '../shared/index.ts'
import type { Passwords } from './passwords.ts'
import type { SignInStore, UserStore } from './user-store.ts'

export interface SignedIn {
  user: User
  sign_in_id: string
  /** The next one to be used; only its hash is stored. */
  refresh_token: string
}

interface LogInContext {
  users: UserStore
  signIns: SignInStore
  passwords: Passwords
  /** A refresh token lives this many seconds. */
  refreshTtl: number
}

/** An unknown name, a wrong password and an inactive user take as long and look the same. @throws ChatError unauthorized */
export async function logIn(ctx: LogInContext, { username, password }: Login): Promise<SignedIn> {
  const found = await ctx.users.findCredentials(username)
  const isRight = await ctx.passwords.verify(password, found?.password_hash)
  if (!found || !isRight || !found.user.active) throw createLoginError()

  const sign_in_id = createId()
  const refresh_token = createToken()
  const { user, password_hash } = found
  const token_hash = sha256(refresh_token)
  const { user_id } = user
  // Verifying takes a while: a password that is changed meanwhile is no way in.
  const begun = await ctx.signIns.create({ sign_in_id, user_id, token_hash, ttl_s: ctx.refreshTtl, password_hash })
  if (!begun) throw createLoginError()
  return { user, sign_in_id, refresh_token }
}

const createLoginError = (): ChatError => new ChatError('unauthorized', 'Wrong username or password.')
