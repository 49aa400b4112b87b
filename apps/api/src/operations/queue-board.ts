import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { FastifyAdapter } from '@bull-board/fastify'
import { type BoardRetryCounts, openQueueBoard, retryFromQueueBoard } from '@engineer-chat/chat/operations'
import { requireAdmin } from '@engineer-chat/chat/people'
import { ChatError } from '@engineer-chat/chat/shared'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Api, ApiDeps } from '../deps.ts'
import { isOriginAllowed } from '../http/origin.ts'
import { createErrorHandler } from '../http/problems.ts'
import { enforceLimit, type RateLimits } from '../http/rate-limits.ts'
import { createRunVerb } from '../http/run-verb.ts'
import { createLibraryPagePolicy } from '../http/security-headers.ts'
import { createAuthenticator, getPrincipal } from '../people/authenticate.ts'
import { BOARD_PATH, hasAuthorizationHeader, readBoardSignIn } from './board-sign-in.ts'
import { DEAD_LETTER_QUEUE_NAME, DeadLetterQueue } from './dead-letter-queue.ts'

/**
 * The adapter below is cast to this type. @bull-board/fastify has its own copy of @bull-board/api, and a private field
 * makes its adapter's type different from ours.
 */
type ServerAdapter = Parameters<typeof createBullBoard>[0]['serverAdapter']

/**
 * Serves Bull Board to admins with a bearer token or the cookie. Jobs contain only ids. The only change that the board
 * allows is a retry of failed replies.
 */
export function registerQueueBoard(app: Api, deps: ApiDeps, limits: RateLimits): void {
  const { stores, boardQueue, log, config } = deps
  if (!boardQueue) return
  const checkAccess = createAccessCheck(app, deps, limits)
  const handleError = createErrorHandler(log)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', createLibraryPagePolicy())
    try {
      await checkAccess(request, reply)
    } catch (error) {
      // The error handler of the board would not send the reason of the refusal.
      return handleError(error, request, reply)
    }
  })
  const adapter = new FastifyAdapter()
  createBullBoard({
    queues: [
      new BullMQAdapter(boardQueue, { readOnlyMode: true }),
      new DeadLetterQueue(stores.deadLetters, config.http.queueBoardMaxReplies),
    ],
    serverAdapter: adapter.setBasePath(BOARD_PATH) as unknown as ServerAdapter,
    options: { uiConfig: { boardTitle: 'Engineer Chat' } },
  })
  adapter.setErrorHandler((error) => {
    // The board decodes the name of a queue a second time, after the server has decoded it.
    if (error instanceof URIError) return { status: 404, body: { error: 'There is no such queue.' } }
    log.error('EngineerChat.queue_board_failed', {}, error)
    return { status: 500, body: { error: 'The queue does not answer.' } }
  })
  app.addHook('onSend', removeForeignLinks)
  app.register(adapter.registerPlugin(), { prefix: BOARD_PATH })
  registerRetryRoutes(app, deps)
}

const FOREIGN_LINK = /<link [^>]*href="https?:[^>]*>/g

/** Removes the board's links to fonts of another host, which the content security policy does not allow. */
async function removeForeignLinks(_: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  const isPage = typeof payload === 'string' && String(reply.getHeader('content-type')).startsWith('text/html')
  return isPage ? payload.replaceAll(FOREIGN_LINK, '') : payload
}

type OnRequest = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/**
 * Creates the check of every request to the board. A read of jobs by a bearer token adds an audit entry. A read by a
 * cookie does not, because the audit recorded the creation of the cookie.
 */
function createAccessCheck(app: Api, deps: ApiDeps, limits: RateLimits): OnRequest {
  const run = createRunVerb(deps)
  const authenticateRequest = createAuthenticator(app, deps.stores.rights, {
    readSignIn: (request) => readBoardSignIn(app, request),
    onUnknownCaller: (request, reply) => enforceLimit(limits.unknownCallers, request, reply),
  })
  return async (request, reply) => {
    await authenticateRequest(request, reply)
    requireAdmin(getPrincipal(request))
    if (!isActionAllowed(request) || !isOriginAllowed(request, deps.config.http.allowedOrigins)) {
      throw new ChatError('forbidden')
    }
    const { routeOptions } = request
    // While Redis is `down`, a read of jobs would wait for it. `down` can also mean that this Redis belongs to another
    // installation, whose jobs must not be shown.
    const isReadOfJobs = isRead(request) && routeOptions.url?.startsWith(API_PATH) === true
    if (isReadOfJobs && deps.health.getRedisStatus() === 'down') throw new ChatError('unavailable')
    if (hasAuthorizationHeader(request) && isReadOfJobs) {
      await run(request, openQueueBoard, {}, { path: routeOptions.url })
    }
  }
}

const API_PATH = `${BOARD_PATH}/api/`
const DEAD_LETTERS_URL = `${BOARD_PATH}/api/queues/${DEAD_LETTER_QUEUE_NAME}`
const schema = { hide: true }

/**
 * Replaces the board's own retry routes, which run no verb and write no audit entry. They retry 100 replies at the same
 * time and report only the first refusal, after which the next 100 are not begun. The responses have the form that the
 * board's page expects.
 */
function registerRetryRoutes(app: Api, deps: ApiDeps): void {
  const { stores, models, bus, queue, config } = deps
  const ctx = { ...stores, models, hintSenders: { bus, queue }, maxReplies: config.http.queueBoardMaxReplies }
  const run = createRunVerb(deps)

  app.put<{ Params: { id: string } }>(`${DEAD_LETTERS_URL}/:id/retry`, { schema }, async (request, reply) => {
    const reason = explainRefusals(await run(request, retryFromQueueBoard, ctx, { message_id: request.params.id }))
    return reason === '' ? reply.code(204).send() : reply.code(409).send({ error: reason })
  })

  app.put(`${DEAD_LETTERS_URL}/retry/failed`, { schema }, async (request, reply) => {
    const retries = await run(request, retryFromQueueBoard, ctx, {})
    const { found, retried, overBudget, pinned, forbiddenByTlp } = retries
    const refused = overBudget + pinned + forbiddenByTlp
    if (refused === 0) return { retried, skipped: found - retried }
    return reply.code(409).send({ error: `${explainRefusals(retries)} Asked again: ${retried}; refused: ${refused}.` })
  })
}

const explainRefusals = ({ overBudget, pinned, forbiddenByTlp }: BoardRetryCounts): string =>
  [
    overBudget > 0 && 'The asker’s budget for AI answers is used up.',
    pinned > 0 && 'A reply that is pinned as evidence must be unpinned first.',
    forbiddenByTlp > 0 && 'The event is TLP:RED, and no model that may read such events can be asked.',
  ]
    .filter(Boolean)
    .join(' ')

/** Returns true for HEAD too, because it runs the same handler as GET. */
const isRead = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD'

const RETRY_URL = new RegExp(`^${DEAD_LETTERS_URL}/(retry/failed|[\\w-]+/retry)$`)

/**
 * Allows reading and the retry of failed replies. All other actions of the board's page are refused before they reach
 * the board.
 */
function isActionAllowed(request: FastifyRequest): boolean {
  return isRead(request) || (request.method === 'PUT' && RETRY_URL.test(request.url.split('?')[0] ?? ''))
}
