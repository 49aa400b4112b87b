import { createHmac } from 'node:crypto'

/** All processes that a bench starts use this secret. */
export const SECRET = 'only-for-the-bench-0123456789-abcdefghij-klmnop'

const encodeBase64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Creates the token of a sign-in without argon2, which would take too long for thousands of users. */
export function createAccessToken(user_id: string, sign_in_id: string): string {
  const iat = Math.floor(Date.now() / 1_000)
  const claims = {
    sub: user_id,
    sid: sign_in_id,
    iss: 'engineer-chat',
    aud: 'engineer-chat-api',
    iat,
    exp: iat + 7_200,
  }
  const body = `${encodeBase64({ alg: 'HS256', typ: 'JWT' })}.${encodeBase64(claims)}`
  return `${body}.${createHmac('sha256', SECRET).update(body).digest('base64url')}`
}
