import type { LightMyRequestResponse as Response } from 'fastify'
import type { Test } from 'tap'
import type { TestCaller } from '../harness.ts'
import { createEventFixture, EVENT_ID, type EventFixture, NAMES, openBoard } from './event-fixture.ts'

/**
 * States what a route shows to an admin who is not a member of the restricted event:
 * - `event`: something of the event, so that an audit entry names the event;
 * - `audit` and `queue`: ids of events in a list for admins, but no text. An entry names the list;
 * - `nothing`: nothing of the event.
 */
type Shown = 'event' | 'audit' | 'queue' | 'nothing'

interface RouteDecision {
  shown: Shown
  /** Is appended to the path. */
  query?: string
  body?: unknown
  headers?: object
  /** Replaces what the path's parameters are by default. */
  params?: Record<string, string>
}

const event = (more: Omit<RouteDecision, 'shown'> = {}): RouteDecision => ({ shown: 'event', ...more })
const nothing = (more: Omit<RouteDecision, 'shown'> = {}): RouteDecision => ({ shown: 'nothing', ...more })
const queue = (query = ''): RouteDecision => ({ shown: 'queue', query })

/** Calls every route of the API once. A new route needs a line here, or the test fails. */
export const decideRoutes = ({ ids }: EventFixture): Record<string, RouteDecision> => ({
  ...decideEventRoutes(ids),
  ...decideAskingRoutes(ids),
  ...decidePeopleRoutes(),
  ...decideOperationsRoutes(ids),
  ...decideBoardRoutes(),
})

const decideEventRoutes = ({ post }: EventFixture['ids']): Record<string, RouteDecision> => ({
  'GET /api/events': event(),
  'POST /api/events': nothing({
    body: { event_id: 'another', event_name: 'Phish', message: 'A mail', severity: 'high', source: 'gateway' },
  }),
  'GET /api/events/:event_id': event(),
  'PATCH /api/events/:event_id': event({ body: { severity: 'low' } }),
  'GET /api/events/:event_id/members': event(),
  'PUT /api/events/:event_id/members/:user_id': event({ body: { role: 'responder' } }),
  'DELETE /api/events/:event_id/members/:user_id': nothing(),
  'GET /api/events/:event_id/people': { shown: 'event' },
  'GET /api/events/:event_id/summaries': event(),
  'POST /api/events/:event_id/summaries': event({ body: { round_id: 2, event_summary: 'canary-7f3a' } }),
  'GET /api/events/:event_id/messages': event(),
  'POST /api/events/:event_id/messages': event({ body: { message: 'hello' } }),
  'PUT /api/events/:event_id/notifications': nothing({ body: { muted: true } }),
  'PUT /api/events/:event_id/read': nothing({ body: { position: 1 } }),
  'GET /api/events/:event_id/pins': event(),
  'PUT /api/events/:event_id/pins/:message_id': event({ params: { message_id: post } }),
  'DELETE /api/events/:event_id/pins/:message_id': event({ params: { message_id: post } }),
  'GET /api/events/:event_id/export': event({ query: '?format=markdown&private=include' }),
  'GET /api/events/:event_id/search': event({ query: '?q=canary' }),
  'GET /api/events/:event_id/indicators': event(),
  'GET /api/indicators': event({ query: '?q=canary' }),
})

const decideAskingRoutes = ({ session, reply }: EventFixture['ids']): Record<string, RouteDecision> => ({
  'GET /api/engineer-chat/history': event({ query: `?event_id=${EVENT_ID}` }),
  'GET /api/engineer-chat/status': event({ query: `?event_id=${EVENT_ID}` }),
  'GET /api/engineer-chat/sessions': event({ query: `?event_id=${EVENT_ID}` }),
  'POST /api/engineer-chat/new-session': event({ body: { event_id: EVENT_ID } }),
  'POST /api/engineer-chat/sessions/:session_id/share': event({ params: { session_id: session } }),
  'POST /api/engineer-chat/preview': event({ body: { event_id: EVENT_ID, message: 'What now?' } }),
  'POST /api/engineer-chat/send': event({ body: { event_id: EVENT_ID, message: 'What now?' } }),
  'POST /api/engineer-chat/messages/:message_id/cancel': event({ params: { message_id: reply } }),
  'POST /api/engineer-chat/messages/:message_id/retry': event({ params: { message_id: reply } }),
  'PUT /api/engineer-chat/messages/:message_id/feedback': nothing({
    params: { message_id: reply },
    body: { rating: 'up' },
  }),
  'GET /api/engineer-chat/models': nothing(),
  'GET /api/engineer-chat/voice': nothing(),
  'POST /api/engineer-chat/speech': nothing({ body: { text: 'hello', event_id: EVENT_ID } }),
  'POST /api/engineer-chat/transcriptions': nothing({
    query: `?event_id=${EVENT_ID}`,
    body: Buffer.from('OggS, and the rest'),
    headers: { 'content-type': 'audio/ogg;codecs=opus' },
  }),
})

const decidePeopleRoutes = (): Record<string, RouteDecision> => ({
  'POST /api/auth/login': nothing({ body: { username: 'root', password: 'correct horse battery' } }),
  'POST /api/auth/refresh': nothing(),
  'POST /api/auth/logout': nothing(),
  'POST /api/auth/logout-everywhere': nothing(),
  'POST /api/auth/ws-ticket': nothing(),
  'POST /api/auth/password': nothing({
    body: { current_password: 'correct horse battery', new_password: 'another long password' },
  }),
  'GET /api/auth/me': nothing(),
  'GET /api/users': nothing(),
  'POST /api/users': nothing({ body: { username: 'carol', password: 'a long password', role: 'engineer' } }),
  'PATCH /api/users/:user_id': nothing({ body: { active: false } }),
  'GET /api/admin/audit': { shown: 'audit' },
  'GET /api/admin/audit/export': { shown: 'audit' },
})

const decideOperationsRoutes = ({ flagged }: EventFixture['ids']): Record<string, RouteDecision> => ({
  'GET /api/admin/flagged-replies': event(),
  'PUT /api/admin/flagged-replies/:message_id/verdict': event({
    params: { message_id: flagged },
    body: { verdict: 'harmless' },
  }),
  'GET /api/admin/legal-holds': event(),
  'PUT /api/admin/legal-holds/:event_id': nothing(),
  'DELETE /api/admin/legal-holds/:event_id': nothing(),
  'GET /api/admin/analytics': nothing(),
  'GET /api/admin/models': nothing(),
  'GET /livez': nothing(),
  'GET /readyz': nothing(),
  'GET /metrics': nothing(),
  'GET /openapi.json': nothing(),
  'GET /asyncapi.json': nothing(),
  'GET /docs': nothing(),
  'GET /docs/': nothing(),
  'GET /docs/js/scalar.js': nothing(),
  'GET /ws': nothing(),
})

const BOARD = '/admin/queues'
const QUEUE = `${BOARD}/api/queues/:queueName`

const decideBoardRoutes = (): Record<string, RouteDecision> => ({
  [`POST ${BOARD}/session`]: nothing(),
  [`GET ${BOARD}/api/queues`]: queue('?activeQueue=failed-replies&status=failed&page=1&jobsPerPage=10'),
  [`GET ${QUEUE}/:jobId`]: queue(),
  [`PUT ${BOARD}/api/queues/failed-replies/:id/retry`]: nothing(),
  [`PUT ${BOARD}/api/queues/failed-replies/retry/failed`]: nothing(),
  ...Object.fromEntries(BOARD_PAGES.map((path) => [`GET ${BOARD}${path}`, nothing()])),
  ...Object.fromEntries(QUEUE_READS.map((path) => [`GET ${QUEUE}/${path}`, nothing()])),
  ...Object.fromEntries(BOARD_CHANGES.map((route) => [route.replace(' ', ` ${BOARD}/api/queues`), nothing()])),
})

const BOARD_PAGES = [
  ...['', '/job-schedulers', '/metrics-history', '/queue/:queueName', '/queue/:queueName/:jobId', '/static/*'],
  ...['/api/job-schedulers', '/api/redis/stats'],
]

const QUEUE_READS = [
  ...[':jobId/flow', ':jobId/logs', 'default-job-options', 'job-data-schema', 'metrics', 'rate-limit', 'workers'],
]

/** Bull Board registers these. The board refuses them before they run. */
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

type Check = (t: Test, fixture: EventFixture, decision: RouteDecision, response: Response) => void

/** Calls every route as one person. Routes that change something get a fixture of their own. */
export async function callEveryRoute(t: Test, who: (fixture: EventFixture) => TestCaller, check: Check): Promise<void> {
  const board = await openBoard(t)
  const shared = await createEventFixture(t, board)
  for (const route of Object.keys(decideRoutes(shared))) {
    await t.test(route, async (t) => {
      const fixture = isHarmless(route) ? shared : await createEventFixture(t, board)
      const decision = decideRoutes(fixture)[route]
      if (!decision) throw new Error(`${route} has no decision`)
      fixture.entries.splice(0)
      check(t, fixture, decision, await callRoute(fixture, who(fixture), route, decision))
    })
  }
}

const isHarmless = (route: string): boolean =>
  route.startsWith('GET ') || BOARD_CHANGES.includes(route.replace(`${BOARD}/api/queues`, ''))

function callRoute(fixture: EventFixture, by: TestCaller, route: string, decision: RouteDecision): Promise<Response> {
  const [method, pattern = ''] = route.split(' ')
  const params: Record<string, string> = {
    ...{ event_id: EVENT_ID, user_id: `u-${NAMES.observer}`, queueName: 'failed-replies' },
    ...{ jobId: fixture.ids.failed, id: fixture.ids.failed, queueStatus: 'failed', schedulerId: 'none' },
    ...decision.params,
  }
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => params[name] ?? name).replace('*', 'none')
  const url = `${path}${decision.query ?? ''}`
  return by.call(method as 'GET', url, decision.body, decision.headers)
}
