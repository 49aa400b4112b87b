import type { Config } from '@engineer-chat/adapters/environment'
import type { SignInRef } from '@engineer-chat/chat/people'
import { ChatError } from '@engineer-chat/chat/shared'
import type { ExpiringSignIn } from '@engineer-chat/chat/stores'
import jwt from '@fastify/jwt'
import type { Api } from '../deps.ts'

const ISSUER = 'engineer-chat'
const AUDIENCE = 'engineer-chat-api'

const PREVIOUS_KEYS = 'previousKeys'

const SIGN_OPTIONS = { algorithm: 'HS256' as const, iss: ISSUER, aud: AUDIENCE }

const VERIFY_OPTIONS = {
  algorithms: ['HS256' as const],
  allowedIss: ISSUER,
  allowedAud: AUDIENCE,
  requiredClaims: ['sub', 'sid', 'iss', 'aud', 'iat', 'exp'],
}

/**
 * Sets every option, because the library's defaults accept other algorithms, any audience, and tokens that never
 * expire.
 */
export function registerAccessTokens(app: Api, config: Config): void {
  app.register(jwt, {
    secret: config.signIn.secret,
    sign: { ...SIGN_OPTIONS, expiresIn: config.signIn.accessTokenSeconds },
    verify: { ...VERIFY_OPTIONS, cache: 10_000 },
  })
  app.decorate(PREVIOUS_KEYS, config.signIn.previousSecrets)
}

export const signAccessToken = (app: Api, { user_id, sign_in_id }: SignInRef, expiresInSeconds: number): string =>
  app.jwt.sign({ sub: user_id, sid: sign_in_id }, { ...SIGN_OPTIONS, expiresIn: expiresInSeconds })

/**
 * Checks that this product signed the token and that it has not expired. Only MySQL knows if its sign-in is still
 * valid.
 * @throws ChatError unauthorized
 */
export function verifyAccessToken(app: Api, token: string): ExpiringSignIn {
  const { sub, sid, exp } = readClaims(app, token)
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number') throw new ChatError('unauthorized')
  return { user_id: sub, sign_in_id: sid, expires_at: exp * 1000 }
}

function readClaims(app: Api, token: string): Record<string, unknown> {
  try {
    return app.jwt.verify<Record<string, unknown>>(token)
  } catch (error) {
    return verifyWithPreviousKeys(app, token, error)
  }
}

/** While the key is being changed, tokens of the previous keys are valid until they expire. */
function verifyWithPreviousKeys(app: Api, token: string, refusal: unknown): Record<string, unknown> {
  const keys = getErrorCode(refusal) === 'FAST_JWT_INVALID_SIGNATURE' ? app.getDecorator<string[]>(PREVIOUS_KEYS) : []
  for (const key of keys) {
    try {
      return app.jwt.verify<Record<string, unknown>>(token, { ...VERIFY_OPTIONS, key })
    } catch {}
  }
  throw new ChatError('unauthorized') // The caller does not learn what was wrong with the token.
}

const getErrorCode = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
