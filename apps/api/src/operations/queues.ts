import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { FastifyAdapter } from '@bull-board/fastify'
import { ChatError, type TicketHolder } from '@engineer-chat/chat'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { recorder } from '../audit/record.ts'
import { signAccessToken, verifyAccessToken } from '../auth/access-tokens.ts'
import { bearerIn, callerBy, callerOf, signInOf } from '../auth/authenticate.ts'
import type { Api, ApiDeps } from '../deps.ts'
import { asChatError, sendProblem } from '../http/problems.ts'
import { foreignPagePolicy } from '../http/security-headers.ts'

/** The same class, but @bull-board/fastify brings its own copy of @bull-board/api, and a private field makes two types. */
type ServerAdapter = Parameters<typeof createBullBoard>[0]['serverAdapter']
export type BoardQueue = ConstructorParameters<typeof BullMQAdapter>[0]

const PATH = '/admin/queues'
const COOKIE = 'queues_token'

/** A browser can't send the token with a page: an admin swaps it for a cookie that opens the board and nothing else. */
export function boardSignInRoute(app: Api, { config, stores }: ApiDeps): void {
  const record = recorder(stores.audit)
  app.post(
    `${PATH}/session`,
    {
      schema: {
        tags: ['operations'],
        summary: 'Admin: open the queue board in this browser until the access token’s time is up',
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      if (callerOf(request).role !== 'admin') throw new ChatError('forbidden')
      await record(request, { action: 'admin_view', object_type: 'queue', object_id: null, detail: PATH })
      const secure = request.protocol === 'https'
      const options = {
        path: PATH,
        httpOnly: true,
        sameSite: 'strict',
        secure,
        maxAge: config.ACCESS_TOKEN_TTL,
      } as const
      return reply
        .setCookie(COOKIE, signAccessToken(app, signInOf(request)), options)
        .code(204)
        .send(null)
    },
  )
}

/** Bull Board, read-only, for admins: by the bearer token, or by the cookie. Jobs hold ids and nothing else. */
export function queueBoard(app: Api, { stores, board, log }: ApiDeps): void {
  if (!board) return
  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', foreignPagePolicy())
    try {
      const caller = await callerBy(stores.rights, signInFrom(app, request))
      if (caller.role !== 'admin') throw new ChatError('forbidden')
    } catch (error) {
      return sendProblem(reply, asChatError(error)) // here, because the board's own error handler shows texts
    }
  })
  const adapter = new FastifyAdapter()
  createBullBoard({
    queues: [new BullMQAdapter(board, { readOnlyMode: true })],
    serverAdapter: adapter.setBasePath(PATH) as unknown as ServerAdapter,
    options: { uiConfig: { boardTitle: 'Engineer Chat' } },
  })
  adapter.setErrorHandler((error) => {
    log.error('EngineerChat.queue_board_failed', {}, error)
    return { status: 500, body: { error: 'The queue does not answer.' } }
  })
  app.register(adapter.registerPlugin(), { prefix: PATH })
}

function signInFrom(app: Api, request: FastifyRequest): TicketHolder {
  return verifyAccessToken(app, request.cookies[COOKIE] ?? bearerIn(request))
}
