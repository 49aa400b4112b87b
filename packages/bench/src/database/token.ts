import { createHmac } from 'node:crypto'

/** All processes that a bench starts use this secret. */
export const SECRET = 'only-for-the-bench-0123456789-abcdefghij-klmnop'

/** Every bench ends within this time, so that no token expires. */
const LIFETIME_SECONDS = 7_200

const encodePart = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Creates an access token without a login, because the argon2 hashes of thousands of logins would take too long. */
export function createAccessToken(user_id: string, sign_in_id: string): string {
  const iat = Math.floor(Date.now() / 1_000)
  const claims = {
    sub: user_id,
    sid: sign_in_id,
    iss: 'engineer-chat',
    aud: 'engineer-chat-api',
    iat,
    exp: iat + LIFETIME_SECONDS,
  }
  const body = `${encodePart({ alg: 'HS256', typ: 'JWT' })}.${encodePart(claims)}`
  return `${body}.${createHmac('sha256', SECRET).update(body).digest('base64url')}`
}
