import { openQueueBoard } from '@engineer-chat/chat/operations'
import type { ExpiringSignIn } from '@engineer-chat/chat/stores'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { createRunVerb } from '../http/run-verb.ts'
import { signBoardToken, verifyAccessToken, verifyBoardToken } from '../people/access-tokens.ts'
import { getSignIn, readBearerToken } from '../people/authenticate.ts'

export const BOARD_PATH = '/admin/queues'
const COOKIE_NAME = 'queues_token'

/**
 * Registers the route that exchanges an admin's token for a cookie that opens only the board, because a browser sends
 * no token when it opens a page. The cookie expires together with the token.
 */
export function registerBoardSignInRoute(app: Api, deps: ApiDeps): void {
  const run = createRunVerb(deps)
  app.post(
    `${BOARD_PATH}/session`,
    {
      schema: {
        tags: ['operations'],
        summary: 'Admin: open the queue board in this browser until the access token expires',
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await run(request, openQueueBoard, {}, { path: BOARD_PATH })
      const signIn = getSignIn(request)
      return reply
        .setCookie(COOKIE_NAME, signBoardToken(app, signIn), {
          path: BOARD_PATH,
          httpOnly: true,
          sameSite: 'strict',
          secure: request.protocol === 'https',
          maxAge: Math.max(0, Math.floor((signIn.expires_at - Date.now()) / 1_000)),
        })
        .code(204)
        .send(null)
    },
  )
}

export const hasAuthorizationHeader = ({ headers }: FastifyRequest): boolean => headers.authorization !== undefined

/**
 * Reads the bearer token if the request has an `authorization` header or no cookie of the board. Otherwise it reads the
 * cookie.
 * @throws ChatError unauthorized
 */
export function readBoardSignIn(app: Api, request: FastifyRequest): ExpiringSignIn {
  const cookie = request.cookies[COOKIE_NAME]
  return cookie === undefined || hasAuthorizationHeader(request)
    ? verifyAccessToken(app, readBearerToken(request))
    : verifyBoardToken(app, cookie)
}
