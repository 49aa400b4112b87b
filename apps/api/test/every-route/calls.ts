import type { LightMyRequestResponse as Response } from 'fastify'
import type { Test } from 'tap'
import { PASSWORD, type TestCaller } from '../harness.ts'
import { CANARY, createEventFixture, EVENT_ID, type EventFixture, NAMES, openBoardQueue } from './event-fixture.ts'

/**
 * Says what a route shows to an admin who is not a member of the restricted event:
 * - `event`: data of the event. An audit entry must name the event.
 * - `audit` and `queue`: ids of events in a list for admins, but no text. The `object_type` of an audit entry must be
 *   this word.
 * - `nothing`: no data of the event.
 */
type Shown = 'event' | 'audit' | 'queue' | 'nothing'

/** Says how a route is called, and what it shows. */
interface RouteCase {
  shown: Shown
  /** Gives the query string, which is appended to the path. */
  query?: string
  body?: unknown
  headers?: object
  /** Replaces the default values of the path's parameters. */
  params?: Record<string, string>
}

const createEventCase = (routeCase: Omit<RouteCase, 'shown'> = {}): RouteCase => ({ shown: 'event', ...routeCase })
const createNoDataCase = (routeCase: Omit<RouteCase, 'shown'> = {}): RouteCase => ({ shown: 'nothing', ...routeCase })
const createQueueCase = (query = ''): RouteCase => ({ shown: 'queue', query })

/** Lists a case for every route. If a route has no case here, a test of admin-views.test.ts fails. */
export const listRouteCases = ({ ids }: EventFixture): Record<string, RouteCase> => ({
  ...listEventCases(ids),
  ...listDocumentCases(ids),
  ...listAskingCases(ids),
  ...listPeopleCases(),
  ...listOperationsCases(ids),
  ...listBoardCases(),
})

const listEventCases = ({ post }: EventFixture['ids']): Record<string, RouteCase> => ({
  'GET /api/events': createEventCase(),
  'POST /api/events': createNoDataCase({
    body: { event_id: 'another', event_name: 'Phish', message: 'A mail', severity: 'high', source: 'gateway' },
  }),
  'GET /api/events/:event_id': createEventCase(),
  'PATCH /api/events/:event_id': createEventCase({ body: { severity: 'low' } }),
  'GET /api/events/:event_id/members': createEventCase(),
  'PUT /api/events/:event_id/members/:user_id': createEventCase({ body: { role: 'responder' } }),
  'DELETE /api/events/:event_id/members/:user_id': createNoDataCase(),
  'GET /api/events/:event_id/people': createEventCase(),
  'GET /api/events/:event_id/summaries': createEventCase(),
  'POST /api/events/:event_id/summaries': createEventCase({ body: { round_id: 2, event_summary: CANARY } }),
  'GET /api/events/:event_id/messages': createEventCase(),
  'POST /api/events/:event_id/messages': createEventCase({ body: { message: 'hello' } }),
  'PUT /api/events/:event_id/notifications': createNoDataCase({ body: { muted: true } }),
  'PUT /api/events/:event_id/read': createNoDataCase({ body: { position: 1 } }),
  'GET /api/events/:event_id/pins': createEventCase(),
  'PUT /api/events/:event_id/pins/:message_id': createEventCase({ params: { message_id: post } }),
  'DELETE /api/events/:event_id/pins/:message_id': createEventCase({ params: { message_id: post } }),
  'GET /api/events/:event_id/export': createEventCase({ query: '?format=markdown&private=include' }),
  'GET /api/events/:event_id/search': createEventCase({ query: '?q=canary' }),
  'GET /api/events/:event_id/indicators': createEventCase(),
  'GET /api/events/:event_id/similar': createEventCase(),
  'GET /api/indicators': createEventCase({ query: '?q=canary' }),
})

const listDocumentCases = ({ document }: EventFixture['ids']): Record<string, RouteCase> => {
  const params = { document_id: document }
  return {
    'GET /api/documents': createEventCase(),
    'POST /api/documents': createEventCase({
      body: { title: CANARY, kind: 'note', content: CANARY, access: 'event', event_id: EVENT_ID },
    }),
    'GET /api/documents/search': createEventCase({ query: '?q=canary' }),
    'GET /api/documents/:document_id': createEventCase({ params }),
    'PUT /api/documents/:document_id': createEventCase({
      params,
      body: { title: CANARY, content: CANARY, version: 1 },
    }),
    'DELETE /api/documents/:document_id': createNoDataCase({ params }),
    'GET /api/documents/:document_id/versions': createEventCase({ params }),
  }
}

const listAskingCases = ({ session, reply }: EventFixture['ids']): Record<string, RouteCase> => ({
  'GET /api/engineer-chat/history': createEventCase({ query: `?event_id=${EVENT_ID}` }),
  'GET /api/engineer-chat/status': createEventCase({ query: `?event_id=${EVENT_ID}` }),
  'GET /api/engineer-chat/sessions': createEventCase({ query: `?event_id=${EVENT_ID}` }),
  'POST /api/engineer-chat/new-session': createEventCase({ body: { event_id: EVENT_ID } }),
  'POST /api/engineer-chat/sessions/:session_id/share': createEventCase({ params: { session_id: session } }),
  'POST /api/engineer-chat/preview': createEventCase({ body: { event_id: EVENT_ID, message: 'What now?' } }),
  'POST /api/engineer-chat/send': createEventCase({ body: { event_id: EVENT_ID, message: 'What now?' } }),
  'POST /api/engineer-chat/messages/:message_id/cancel': createEventCase({ params: { message_id: reply } }),
  'POST /api/engineer-chat/messages/:message_id/retry': createEventCase({ params: { message_id: reply } }),
  'PUT /api/engineer-chat/messages/:message_id/feedback': createNoDataCase({
    params: { message_id: reply },
    body: { rating: 'up' },
  }),
  'GET /api/engineer-chat/models': createNoDataCase(),
  'GET /api/engineer-chat/voice': createNoDataCase(),
  'POST /api/engineer-chat/speech': createNoDataCase({ body: { text: 'hello', event_id: EVENT_ID } }),
  'POST /api/engineer-chat/transcriptions': createNoDataCase({
    query: `?event_id=${EVENT_ID}`,
    body: Buffer.from('OggS, and the rest'),
    headers: { 'content-type': 'audio/ogg;codecs=opus' },
  }),
})

const listPeopleCases = (): Record<string, RouteCase> => ({
  'POST /api/auth/login': createNoDataCase({ body: { username: 'root', password: PASSWORD } }),
  'POST /api/auth/refresh': createNoDataCase(),
  'POST /api/auth/logout': createNoDataCase(),
  'POST /api/auth/logout-everywhere': createNoDataCase(),
  'POST /api/auth/ws-ticket': createNoDataCase(),
  'POST /api/auth/password': createNoDataCase({
    body: { current_password: PASSWORD, new_password: 'another long password' },
  }),
  'GET /api/auth/me': createNoDataCase(),
  'GET /api/users': createNoDataCase(),
  'POST /api/users': createNoDataCase({ body: { username: 'carol', password: 'a long password', role: 'engineer' } }),
  'PATCH /api/users/:user_id': createNoDataCase({ body: { active: false } }),
  'GET /api/admin/audit': { shown: 'audit' },
  'GET /api/admin/audit/export': { shown: 'audit' },
})

const listOperationsCases = ({ flagged }: EventFixture['ids']): Record<string, RouteCase> => ({
  'GET /api/admin/flagged-replies': createEventCase(),
  'PUT /api/admin/flagged-replies/:message_id/verdict': createEventCase({
    params: { message_id: flagged },
    body: { verdict: 'harmless' },
  }),
  'GET /api/admin/legal-holds': createEventCase(),
  'PUT /api/admin/legal-holds/:event_id': createNoDataCase(),
  'DELETE /api/admin/legal-holds/:event_id': createNoDataCase(),
  'GET /api/admin/analytics': createNoDataCase(),
  'GET /api/admin/models': createNoDataCase(),
  'GET /livez': createNoDataCase(),
  'GET /readyz': createNoDataCase(),
  'GET /metrics': createNoDataCase(),
  'GET /openapi.json': createNoDataCase(),
  'GET /asyncapi.json': createNoDataCase(),
  'GET /docs': createNoDataCase(),
  'GET /docs/': createNoDataCase(),
  'GET /docs/js/scalar.js': createNoDataCase(),
  'GET /ws': createNoDataCase(),
})

const BOARD = '/admin/queues'
const QUEUE = `${BOARD}/api/queues/:queueName`

const listBoardCases = (): Record<string, RouteCase> => ({
  [`POST ${BOARD}/session`]: createNoDataCase(),
  [`GET ${BOARD}/api/queues`]: createQueueCase('?activeQueue=failed-replies&status=failed&page=1&jobsPerPage=10'),
  [`GET ${QUEUE}/:jobId`]: createQueueCase(),
  [`PUT ${BOARD}/api/queues/failed-replies/:id/retry`]: createNoDataCase(),
  [`PUT ${BOARD}/api/queues/failed-replies/retry/failed`]: createNoDataCase(),
  ...Object.fromEntries(BOARD_PAGES.map((path) => [`GET ${BOARD}${path}`, createNoDataCase()])),
  ...Object.fromEntries(QUEUE_READS.map((path) => [`GET ${QUEUE}/${path}`, createNoDataCase()])),
  ...Object.fromEntries(BOARD_CHANGES.map((route) => [route.replace(' ', ` ${BOARD}/api/queues`), createNoDataCase()])),
})

const BOARD_PAGES = [
  '',
  '/job-schedulers',
  '/metrics-history',
  '/queue/:queueName',
  '/queue/:queueName/:jobId',
  '/static/*',
  '/api/job-schedulers',
  '/api/redis/stats',
]

const QUEUE_READS = [
  ':jobId/flow',
  ':jobId/logs',
  'default-job-options',
  'job-data-schema',
  'metrics',
  'rate-limit',
  'workers',
]

/**
 * Lists the routes of Bull Board that change data. The product refuses them before they run. The two routes that retry
 * `failed-replies` are not in the list, because the product has its own handlers for them.
 */
const BOARD_CHANGES = [
  'PATCH /:queueName/:jobId/delay',
  'PATCH /:queueName/:jobId/priority',
  'PATCH /:queueName/:jobId/update-data',
  'PATCH /:queueName/job-schedulers/:schedulerId',
  'POST /:queueName/add',
  'PUT /:queueName/:jobId/clean',
  'PUT /:queueName/:jobId/promote',
  'PUT /:queueName/:jobId/remove-unprocessed-children',
  'PUT /:queueName/:jobId/retry',
  'PUT /:queueName/clean/:queueStatus',
  'PUT /:queueName/concurrency',
  'PUT /:queueName/empty',
  'PUT /:queueName/job-schedulers/:schedulerId/remove',
  'PUT /:queueName/job-schedulers/:schedulerId/run',
  'PUT /:queueName/obliterate',
  'PUT /:queueName/pause',
  'PUT /:queueName/promote',
  'PUT /:queueName/rate-limit',
  'PUT /:queueName/rate-limit/release',
  'PUT /:queueName/resume',
  'PUT /:queueName/retry/:queueStatus',
  'PUT /pause',
  'PUT /resume',
]

type Check = (t: Test, fixture: EventFixture, routeCase: RouteCase, response: Response) => void

/** Calls every route as one user. Each route that changes data gets a new fixture. */
export async function callEveryRoute(
  t: Test,
  pickCaller: (fixture: EventFixture) => TestCaller,
  check: Check,
): Promise<void> {
  const boardQueue = await openBoardQueue(t)
  const shared = await createEventFixture(t, boardQueue)
  for (const route of Object.keys(listRouteCases(shared))) {
    await t.test(route, async (t) => {
      const fixture = isReadOnly(route) ? shared : await createEventFixture(t, boardQueue)
      const routeCase = listRouteCases(fixture)[route]
      if (!routeCase) throw new Error(`${route} has no case.`)
      fixture.entries.splice(0) // This removes the audit entries that earlier requests have added.
      check(t, fixture, routeCase, await callRoute(fixture, pickCaller(fixture), route, routeCase))
    })
  }
}

/** Returns true if a call of the route changes no data. The routes in BOARD_CHANGES are refused before they run. */
const isReadOnly = (route: string): boolean =>
  route.startsWith('GET ') || BOARD_CHANGES.includes(route.replace(`${BOARD}/api/queues`, ''))

function callRoute(fixture: EventFixture, caller: TestCaller, route: string, routeCase: RouteCase): Promise<Response> {
  const [method, pattern = ''] = route.split(' ')
  const params: Record<string, string> = {
    event_id: EVENT_ID,
    user_id: `u-${NAMES.observer}`,
    queueName: 'failed-replies',
    jobId: fixture.ids.failed,
    id: fixture.ids.failed,
    queueStatus: 'failed',
    schedulerId: 'none',
    ...routeCase.params,
  }
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => params[name] ?? name).replace('*', 'none')
  const url = `${path}${routeCase.query ?? ''}`
  return caller.call(method as 'GET', url, routeCase.body, routeCase.headers)
}
