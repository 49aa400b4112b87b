import type { Config } from '@engineer-chat/adapters/environment'
import type { SignInRef } from '@engineer-chat/chat/people'
import { ChatError } from '@engineer-chat/chat/shared'
import type { ExpiringSignIn } from '@engineer-chat/chat/stores'
import jwt from '@fastify/jwt'
import type { Api } from '../deps.ts'

const ISSUER = 'engineer-chat'
const AUDIENCE = 'engineer-chat-api'
/** A token with this `aud` claim opens the queue board and nothing else. */
const BOARD_AUDIENCE = 'engineer-chat-queue-board'

const PREVIOUS_KEYS_DECORATOR = 'previousKeys'

const SIGN_OPTIONS = { algorithm: 'HS256' as const, iss: ISSUER, aud: AUDIENCE }

const VERIFY_OPTIONS = {
  algorithms: ['HS256' as const],
  allowedIss: ISSUER,
  allowedAud: AUDIENCE,
  requiredClaims: ['sub', 'sid', 'iss', 'aud', 'iat', 'exp'],
}
const VERIFY_BOARD_OPTIONS = { ...VERIFY_OPTIONS, allowedAud: BOARD_AUDIENCE }

/**
 * Sets up how access tokens are signed and verified. It sets every option, because the library's defaults accept other
 * algorithms, any `aud` claim, and tokens that never expire.
 */
export function registerAccessTokens(app: Api, config: Config): void {
  app.register(jwt, {
    secret: config.signIn.secret,
    sign: { ...SIGN_OPTIONS, expiresIn: config.signIn.accessTokenSeconds },
    verify: { ...VERIFY_OPTIONS, cache: 10_000 }, // The cache holds this many tokens.
  })
  app.decorate(PREVIOUS_KEYS_DECORATOR, config.signIn.previousSecrets)
}

export const signAccessToken = (app: Api, { user_id, sign_in_id }: SignInRef, expiresInSeconds: number): string =>
  app.jwt.sign({ sub: user_id, sid: sign_in_id }, { ...SIGN_OPTIONS, expiresIn: expiresInSeconds })

/**
 * Checks that this product signed the token and that it has not expired. Whether its sign-in is still valid must be
 * read from MySQL.
 * @throws ChatError unauthorized
 */
export const verifyAccessToken = (app: Api, token: string): ExpiringSignIn => toSignIn(readClaims(app, token))

/** Signs a token for the queue board. It expires together with the access token that it was exchanged for. */
export function signBoardToken(app: Api, { user_id, sign_in_id, expires_at }: ExpiringSignIn): string {
  const iat = Math.floor(Date.now() / 1_000)
  return app.jwt.sign(
    { sub: user_id, sid: sign_in_id, iat },
    { ...SIGN_OPTIONS, aud: BOARD_AUDIENCE, expiresIn: Math.floor(expires_at / 1_000) - iat },
  )
}

/**
 * Checks a token of `signBoardToken`. It refuses access tokens, because they have another `aud` claim.
 * @throws ChatError unauthorized
 */
export const verifyBoardToken = (app: Api, token: string): ExpiringSignIn =>
  toSignIn(readClaims(app, token, VERIFY_BOARD_OPTIONS))

function toSignIn({ sub, sid, exp }: Record<string, unknown>): ExpiringSignIn {
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number') throw new ChatError('unauthorized')
  return { user_id: sub, sign_in_id: sid, expires_at: exp * 1000 }
}

/** Without options, the library uses its default verifier, which has a cache. */
function readClaims(app: Api, token: string, options?: typeof VERIFY_OPTIONS): Record<string, unknown> {
  try {
    return app.jwt.verify<Record<string, unknown>>(token, options)
  } catch (error) {
    return verifyWithPreviousKeys(app, token, { ...(options ?? VERIFY_OPTIONS), refusal: error })
  }
}

/**
 * While the signing key is being changed, tokens that were signed with a previous key are valid until they expire.
 * `refusal` is the error that the current key gave.
 */
function verifyWithPreviousKeys(
  app: Api,
  token: string,
  { refusal, ...options }: typeof VERIFY_OPTIONS & { refusal: unknown },
): Record<string, unknown> {
  const keys =
    getErrorCode(refusal) === 'FAST_JWT_INVALID_SIGNATURE' ? app.getDecorator<string[]>(PREVIOUS_KEYS_DECORATOR) : []
  for (const key of keys) {
    try {
      return app.jwt.verify<Record<string, unknown>>(token, { ...options, key })
    } catch {} // The next key is tried.
  }
  throw new ChatError('unauthorized') // The caller does not learn what was wrong with the token.
}

const getErrorCode = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
