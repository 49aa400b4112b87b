import type {} from '@fastify/cookie' // This import declares the cookie fields of requests and replies.
import type { FastifyReply, FastifyRequest } from 'fastify'

const COOKIE_NAME = 'refresh_token'
const COOKIE_PATH = '/api/auth'

export const readRefreshToken = (request: FastifyRequest): string | undefined => request.cookies[COOKIE_NAME]

export function setRefreshToken(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  maxAgeSeconds: number,
): void {
  const secure = request.protocol === 'https'
  const options = { path: COOKIE_PATH, httpOnly: true, sameSite: 'strict', secure, maxAge: maxAgeSeconds } as const
  reply.setCookie(COOKIE_NAME, token, options)
}

export function clearRefreshToken(request: FastifyRequest, reply: FastifyReply): void {
  const secure = request.protocol === 'https'
  reply.clearCookie(COOKIE_NAME, { path: COOKIE_PATH, httpOnly: true, sameSite: 'strict', secure })
}
