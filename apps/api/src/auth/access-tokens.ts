import type { Environment } from '@engineer-chat/adapters/environment'
import { ChatError, type SignIn, type TicketHolder } from '@engineer-chat/chat'
import jwt from '@fastify/jwt'
import type { Api } from '../deps.ts'

const ISSUER = 'engineer-chat'
const AUDIENCE = 'engineer-chat-api'

/** Everything pinned: the library's own defaults take other algorithms, any audience, and tokens without an end. */
export function registerAccessTokens(app: Api, config: Environment): void {
  app.register(jwt, {
    secret: config.JWT_SECRET_KEY,
    sign: { algorithm: 'HS256', iss: ISSUER, aud: AUDIENCE, expiresIn: config.ACCESS_TOKEN_TTL },
    verify: {
      algorithms: ['HS256'],
      allowedIss: ISSUER,
      allowedAud: AUDIENCE,
      requiredClaims: ['sub', 'sid', 'iss', 'aud', 'iat', 'exp'],
      cache: 10_000,
    },
  })
}

export const signAccessToken = (app: Api, { user_id, sign_in_id }: SignIn): string =>
  app.jwt.sign({ sub: user_id, sid: sign_in_id })

/** Says only that the token is ours and in time; whether the sign-in still counts, MySQL knows. @throws ChatError */
export function verifyAccessToken(app: Api, token: string): TicketHolder {
  const { sub, sid, exp } = claimsOf(app, token)
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number') throw new ChatError('unauthorized')
  return { user_id: sub, sign_in_id: sid, expires_at: exp * 1000 }
}

function claimsOf(app: Api, token: string): Record<string, unknown> {
  try {
    return app.jwt.verify<Record<string, unknown>>(token)
  } catch {
    throw new ChatError('unauthorized') // whatever was wrong with it is nobody's business
  }
}
