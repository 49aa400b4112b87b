import type {} from '@fastify/cookie' // This import declares the cookie fields of requests and replies.
import type { FastifyReply, FastifyRequest } from 'fastify'

const NAME = 'refresh_token'
const PATH = '/api/auth'

export const readRefreshToken = (request: FastifyRequest): string | undefined => request.cookies[NAME]

export function setRefreshToken(request: FastifyRequest, reply: FastifyReply, token: string, maxAge: number): void {
  const secure = request.protocol === 'https'
  reply.setCookie(NAME, token, { path: PATH, httpOnly: true, sameSite: 'strict', secure, maxAge })
}

export function clearRefreshToken(request: FastifyRequest, reply: FastifyReply): void {
  const secure = request.protocol === 'https'
  reply.clearCookie(NAME, { path: PATH, httpOnly: true, sameSite: 'strict', secure })
}
