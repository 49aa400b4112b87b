import type { Login, User } from '@engineer-chat/protocol'
import {
  type AuditContext,
  type AuditLog,
  ChatError,
  createId,
  createToken,
  describeAct,
  type Log,
  sha256,
} from '../shared/index.ts'
import { verifyPassword } from './passwords/verify-password.ts'
import type { Passwords } from './passwords.ts'
import type { SignInLifetime, SignInStore, UserStore } from './user-store.ts'

export interface SignedIn {
  user: User
  sign_in_id: string
  /** The sign-in ends after this many seconds. Its tokens are not valid for longer. */
  remaining_s: number
  /** The client uses this token for the next refresh; only its hash is stored. */
  refresh_token: string
}

/** Says whether the source of a login is known, and identifies its network without the IP address. */
export interface SourceRecognition {
  /** True means that this user signed in from this device or network before. */
  isKnown: boolean
  /**
   * Holds a hash of the user's name and the network. Only someone who has the key of the API nodes can find out the IP
   * address from the hash.
   */
  network_hash: string
}

interface LogInContext {
  users: UserStore
  signIns: SignInStore
  passwords: Passwords
  audit: AuditLog
  log: Log
  lifetime: SignInLifetime
}

/**
 * Signs a user in. Other verbs have a `report`, from which their audit entries and log lines are written. It needs a
 * caller, and a login has none yet. So this function writes the entry and the line itself, also for a refused login.
 * @throws ChatError unauthorized
 */
export async function logIn(
  ctx: LogInContext,
  login: Login,
  recognition: SourceRecognition,
  auditContext: AuditContext,
): Promise<SignedIn> {
  const logFields = { request_id: auditContext.request_id, address: auditContext.address }
  const signedIn = await createSignIn(ctx, login, recognition).catch(async (error: unknown) => {
    if (error instanceof ChatError && error.code === 'unauthorized') {
      ctx.log.warn('EngineerChat.sign_in_refused', logFields)
      await auditRefusal(ctx, login, auditContext)
    }
    throw error
  })
  const { user_id } = signedIn.user
  await ctx.audit.write([{ ...describeAct('login', { user_id }), ...auditContext, actor: user_id }])
  ctx.log.info('EngineerChat.signed_in', { ...logFields, user_id })
  return signedIn
}

/**
 * Verifies the login and stores the sign-in. It takes the same time and throws the same error for an unknown name, a
 * wrong password and an inactive user.
 */
async function createSignIn(
  ctx: LogInContext,
  { username, password }: Login,
  { isKnown, network_hash }: SourceRecognition,
): Promise<SignedIn> {
  const storedCredentials = await ctx.users.findCredentials(username)
  // An inactive user counts as unknown. With the stored hash, the right password could take less time than a wrong one.
  const credentials = storedCredentials?.user.active ? storedCredentials : undefined
  const hashingPriority = isKnown ? 'high' : 'low'
  const verification = await verifyPassword(ctx.passwords, password, credentials?.password_hash, hashingPriority)
  if (!credentials || verification === 'wrong') throw createLoginError()

  const sign_in_id = createId()
  const refresh_token = createToken()
  const { user } = credentials
  const verified_hash =
    verification === 'right_with_outdated_hash'
      ? await replaceOutdatedHash(ctx, credentials, password)
      : credentials.password_hash
  const token_hash = sha256(refresh_token)
  const { user_id } = user
  const { refreshTokenSeconds, maxAgeSeconds } = ctx.lifetime
  // To verify a password takes about 40 ms. If the password is changed in this time, the store creates no sign-in.
  const isCreated = await ctx.signIns.create({
    sign_in_id,
    user_id,
    token_hash,
    refreshTokenSeconds: Math.min(refreshTokenSeconds, maxAgeSeconds),
    verified_hash,
    network_hash,
  })
  if (!isCreated) throw createLoginError()
  return { user, sign_in_id, remaining_s: maxAgeSeconds, refresh_token }
}

/**
 * Replaces a hash that was not made from the NFC form of the password. The new hash matches the password from every
 * keyboard. Resolves to the hash that is stored now if the password matches it. Otherwise the password was changed, or
 * the user deactivated, since it was verified. Then it resolves to the outdated hash, and `SignInStore` refuses it.
 */
async function replaceOutdatedHash(
  { users, passwords }: LogInContext,
  { user: { user_id, username }, password_hash: outdatedHash }: { user: User; password_hash: string },
  password: string,
): Promise<string> {
  const normalized = password.normalize('NFC')
  const newHash = await passwords.hash(normalized)
  if (await users.replacePasswordHash(user_id, { verified_hash: outdatedHash, password_hash: newHash })) return newHash
  // Another login with the same password may have replaced the hash meanwhile.
  const storedHash = (await users.findCredentials(username))?.password_hash
  const isRight = await passwords.verify(normalized, storedHash)
  return storedHash !== undefined && isRight ? storedHash : outdatedHash
}

/**
 * Writes the audit entry of a refused login, with the id of the user if a user has the typed name. The entry never
 * contains this name, because people sometimes type their password into the field for the name.
 */
async function auditRefusal(
  { users, audit }: LogInContext,
  { username }: Login,
  auditContext: AuditContext,
): Promise<void> {
  const user_id = (await users.findCredentials(username))?.user.user_id ?? null
  await audit.write([{ ...describeAct('login_failed', { user_id }), ...auditContext, actor: null }])
}

const createLoginError = (): ChatError => new ChatError('unauthorized', 'Wrong username or password.')
