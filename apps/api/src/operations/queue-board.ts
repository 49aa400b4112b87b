import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { FastifyAdapter } from '@bull-board/fastify'
import { enterQueueBoard, openQueueBoard } from '@engineer-chat/chat/operations'
import { type DeadLetter, retryFailedReplies } from '@engineer-chat/chat/replying'
import { ChatError } from '@engineer-chat/chat/shared'
import type { ExpiringSignIn } from '@engineer-chat/chat/stores'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { isOriginAllowed } from '../http/origin.ts'
import { sendProblem, toChatError } from '../http/problems.ts'
import { createRunVerb, toAuditContext } from '../http/run-verb.ts'
import { createLibraryPagePolicy } from '../http/security-headers.ts'
import { signAccessToken, verifyAccessToken } from '../people/access-tokens.ts'
import { getSignIn, readBearerToken } from '../people/authenticate.ts'
import { DEAD_LETTERS, DeadLetterQueue } from './dead-letter-queue.ts'

/**
 * @bull-board/fastify includes its own copy of @bull-board/api, and a private field makes the two classes different
 * types.
 */
type ServerAdapter = Parameters<typeof createBullBoard>[0]['serverAdapter']

const PATH = '/admin/queues'
const COOKIE = 'queues_token'
const ADMIN = 'admin'

/**
 * Exchanges an admin's token for a cookie that opens only the board, because a browser sends no token with a page.
 */
export function registerBoardSignInRoute(app: Api, deps: ApiDeps): void {
  const run = createRunVerb(deps)
  app.post(
    `${PATH}/session`,
    {
      schema: {
        tags: ['operations'],
        summary: 'Admin: open the queue board in this browser until the access token expires',
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await run(request, openQueueBoard, {}, { path: PATH })
      const secure = request.protocol === 'https'
      const signIn = getSignIn(request)
      const maxAge = Math.max(1, Math.floor((signIn.expires_at - Date.now()) / 1_000))
      const options = {
        path: PATH,
        httpOnly: true,
        sameSite: 'strict',
        secure,
        maxAge,
      } as const
      return reply
        .setCookie(COOKIE, signAccessToken(app, signIn, maxAge), options)
        .code(204)
        .send(null)
    },
  )
}

/**
 * Serves Bull Board to admins with a bearer token or the cookie. Jobs contain only ids, and the only change that the
 * board makes is a retry of failed replies.
 */
export function registerQueueBoard(app: Api, deps: ApiDeps): void {
  const { stores, board, log, config } = deps
  if (!board) return
  app.decorateRequest(ADMIN, '')
  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', createLibraryPagePolicy())
    try {
      const admin = await enterQueueBoard(stores, readBoardSignIn(app, request))
      if (!isAllowed(request)) throw new ChatError('forbidden')
      if (!isOriginAllowed(request, config.http.allowedOrigins)) throw new ChatError('forbidden')
      request.setDecorator(ADMIN, admin.user_id)
    } catch (error) {
      return sendProblem(reply, toChatError(error)) // The board's own error handler would show texts of exceptions.
    }
  })
  const adapter = new FastifyAdapter()
  createBullBoard({
    queues: [
      new BullMQAdapter(board, { readOnlyMode: true }),
      new DeadLetterQueue(stores.deadLetters, config.http.queueBoardMaxReplies),
    ],
    serverAdapter: adapter.setBasePath(PATH) as unknown as ServerAdapter,
    options: { uiConfig: { boardTitle: 'Engineer Chat' } },
  })
  adapter.setErrorHandler((error) => {
    log.error('EngineerChat.queue_board_failed', {}, error)
    return { status: 500, body: { error: 'The queue does not answer.' } }
  })
  app.register(adapter.registerPlugin(), { prefix: PATH })
  registerRetryRoutes(app, deps)
}

const DEAD_LETTERS_URL = `${PATH}/api/queues/${DEAD_LETTERS}`
const schema = { hide: true }

/**
 * Replaces the board's own routes, which check no caller and stop at the first refusal. Responses have the form that
 * the board expects.
 */
function registerRetryRoutes(app: Api, deps: ApiDeps): void {
  const { stores, models, config } = deps
  const ctx = { ...stores, models, hints: deps }
  const retry = (request: FastifyRequest, letters: DeadLetter[]) =>
    retryFailedReplies(ctx, letters, {
      ...toAuditContext(request),
      actor: request.getDecorator<string>(ADMIN),
      detail: 'queue board',
    })

  app.put<{ Params: { id: string } }>(`${DEAD_LETTERS_URL}/:id/retry`, { schema }, async (request, reply) => {
    const letter = await stores.deadLetters.find(request.params.id)
    if (!letter) throw new ChatError('not_found')
    const reason = explainSkipped(await retry(request, [letter]))
    return reason === '' ? reply.code(204).send() : reply.code(409).send({ error: reason })
  })

  app.put(`${DEAD_LETTERS_URL}/retry/failed`, { schema }, async (request, reply) => {
    const letters = await stores.deadLetters.list({ limit: config.http.queueBoardMaxReplies })
    const counts = await retry(request, letters)
    const { retried, over_budget, pinned } = counts
    if (over_budget + pinned === 0) return { retried, skipped: letters.length - retried }
    return reply
      .code(409)
      .send({ error: `${explainSkipped(counts)} Asked again: ${retried}; refused: ${over_budget + pinned}.` })
  })
}

const explainSkipped = ({ over_budget, pinned }: Awaited<ReturnType<typeof retryFailedReplies>>): string =>
  [
    over_budget > 0 && 'The asker’s budget for AI answers is used up.',
    pinned > 0 && 'What is pinned as evidence is unpinned first.',
  ]
    .filter(Boolean)
    .join(' ')

const RETRY_URL = new RegExp(`^${DEAD_LETTERS_URL}/(retry/failed|[\\w-]+/retry)$`)

/**
 * Allows reading and the retry of failed replies. All other actions of the board's page are refused before they reach
 * the board.
 */
function isAllowed({ method, url }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD' || (method === 'PUT' && RETRY_URL.test(url.split('?')[0] ?? ''))
}

function readBoardSignIn(app: Api, request: FastifyRequest): ExpiringSignIn {
  return verifyAccessToken(app, request.cookies[COOKIE] ?? readBearerToken(request))
}
