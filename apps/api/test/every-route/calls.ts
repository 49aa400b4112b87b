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

const showEvent = (more: Omit<RouteDecision, 'shown'> = {}): RouteDecision => ({ shown: 'event', ...more })
const showNothing = (more: Omit<RouteDecision, 'shown'> = {}): RouteDecision => ({ shown: 'nothing', ...more })
const showQueue = (query = ''): RouteDecision => ({ shown: 'queue', query })

/** Calls every route of the API once. A new route needs a line here, or the test fails. */
export const decideRoutes = ({ ids }: EventFixture): Record<string, RouteDecision> => ({
  ...decideEventRoutes(ids),
  ...decideDocumentRoutes(ids),
  ...decideAskingRoutes(ids),
  ...decidePeopleRoutes(),
  ...decideOperationsRoutes(ids),
  ...decideBoardRoutes(),
})

const decideEventRoutes = ({ post }: EventFixture['ids']): Record<string, RouteDecision> => ({
  'GET /api/events': showEvent(),
  'POST /api/events': showNothing({
    body: { event_id: 'another', event_name: 'Phish', message: 'A mail', severity: 'high', source: 'gateway' },
  }),
  'GET /api/events/:event_id': showEvent(),
  'PATCH /api/events/:event_id': showEvent({ body: { severity: 'low' } }),
  'GET /api/events/:event_id/members': showEvent(),
  'PUT /api/events/:event_id/members/:user_id': showEvent({ body: { role: 'responder' } }),
  'DELETE /api/events/:event_id/members/:user_id': showNothing(),
  'GET /api/events/:event_id/people': { shown: 'event' },
  'GET /api/events/:event_id/summaries': showEvent(),
  'POST /api/events/:event_id/summaries': showEvent({ body: { round_id: 2, event_summary: 'canary-7f3a' } }),
  'GET /api/events/:event_id/messages': showEvent(),
  'POST /api/events/:event_id/messages': showEvent({ body: { message: 'hello' } }),
  'PUT /api/events/:event_id/notifications': showNothing({ body: { muted: true } }),
  'PUT /api/events/:event_id/read': showNothing({ body: { position: 1 } }),
  'GET /api/events/:event_id/pins': showEvent(),
  'PUT /api/events/:event_id/pins/:message_id': showEvent({ params: { message_id: post } }),
  'DELETE /api/events/:event_id/pins/:message_id': showEvent({ params: { message_id: post } }),
  'GET /api/events/:event_id/export': showEvent({ query: '?format=markdown&private=include' }),
  'GET /api/events/:event_id/search': showEvent({ query: '?q=canary' }),
  'GET /api/events/:event_id/indicators': showEvent(),
  'GET /api/events/:event_id/similar': showEvent(),
  'GET /api/indicators': showEvent({ query: '?q=canary' }),
})

const decideDocumentRoutes = ({ document }: EventFixture['ids']): Record<string, RouteDecision> => {
  const params = { document_id: document }
  return {
    'GET /api/documents': showEvent(),
    'POST /api/documents': showEvent({
      body: { title: 'canary-7f3a', kind: 'note', content: 'canary-7f3a', access: 'event', event_id: EVENT_ID },
    }),
    'GET /api/documents/search': showEvent({ query: '?q=canary' }),
    'GET /api/documents/:document_id': showEvent({ params }),
    'PUT /api/documents/:document_id': showEvent({
      params,
      body: { title: 'canary-7f3a', content: 'canary-7f3a', version: 1 },
    }),
    'DELETE /api/documents/:document_id': showNothing({ params }),
    'GET /api/documents/:document_id/versions': showEvent({ params }),
  }
}

const decideAskingRoutes = ({ session, reply }: EventFixture['ids']): Record<string, RouteDecision> => ({
  'GET /api/engineer-chat/history': showEvent({ query: `?event_id=${EVENT_ID}` }),
  'GET /api/engineer-chat/status': showEvent({ query: `?event_id=${EVENT_ID}` }),
  'GET /api/engineer-chat/sessions': showEvent({ query: `?event_id=${EVENT_ID}` }),
  'POST /api/engineer-chat/new-session': showEvent({ body: { event_id: EVENT_ID } }),
  'POST /api/engineer-chat/sessions/:session_id/share': showEvent({ params: { session_id: session } }),
  'POST /api/engineer-chat/preview': showEvent({ body: { event_id: EVENT_ID, message: 'What now?' } }),
  'POST /api/engineer-chat/send': showEvent({ body: { event_id: EVENT_ID, message: 'What now?' } }),
  'POST /api/engineer-chat/messages/:message_id/cancel': showEvent({ params: { message_id: reply } }),
  'POST /api/engineer-chat/messages/:message_id/retry': showEvent({ params: { message_id: reply } }),
  'PUT /api/engineer-chat/messages/:message_id/feedback': showNothing({
    params: { message_id: reply },
    body: { rating: 'up' },
  }),
  'GET /api/engineer-chat/models': showNothing(),
  'GET /api/engineer-chat/voice': showNothing(),
  'POST /api/engineer-chat/speech': showNothing({ body: { text: 'hello', event_id: EVENT_ID } }),
  'POST /api/engineer-chat/transcriptions': showNothing({
    query: `?event_id=${EVENT_ID}`,
    body: Buffer.from('OggS, and the rest'),
    headers: { 'content-type': 'audio/ogg;codecs=opus' },
  }),
})

const decidePeopleRoutes = (): Record<string, RouteDecision> => ({
  'POST /api/auth/login': showNothing({ body: { username: 'root', password: 'correct horse battery' } }),
  'POST /api/auth/refresh': showNothing(),
  'POST /api/auth/logout': showNothing(),
  'POST /api/auth/logout-everywhere': showNothing(),
  'POST /api/auth/ws-ticket': showNothing(),
  'POST /api/auth/password': showNothing({
    body: { current_password: 'correct horse battery', new_password: 'another long password' },
  }),
  'GET /api/auth/me': showNothing(),
  'GET /api/users': showNothing(),
  'POST /api/users': showNothing({ body: { username: 'carol', password: 'a long password', role: 'engineer' } }),
  'PATCH /api/users/:user_id': showNothing({ body: { active: false } }),
  'GET /api/admin/audit': { shown: 'audit' },
  'GET /api/admin/audit/export': { shown: 'audit' },
})

const decideOperationsRoutes = ({ flagged }: EventFixture['ids']): Record<string, RouteDecision> => ({
  'GET /api/admin/flagged-replies': showEvent(),
  'PUT /api/admin/flagged-replies/:message_id/verdict': showEvent({
    params: { message_id: flagged },
    body: { verdict: 'harmless' },
  }),
  'GET /api/admin/legal-holds': showEvent(),
  'PUT /api/admin/legal-holds/:event_id': showNothing(),
  'DELETE /api/admin/legal-holds/:event_id': showNothing(),
  'GET /api/admin/analytics': showNothing(),
  'GET /api/admin/models': showNothing(),
  'GET /livez': showNothing(),
  'GET /readyz': showNothing(),
  'GET /metrics': showNothing(),
  'GET /openapi.json': showNothing(),
  'GET /asyncapi.json': showNothing(),
  'GET /docs': showNothing(),
  'GET /docs/': showNothing(),
  'GET /docs/js/scalar.js': showNothing(),
  'GET /ws': showNothing(),
})

const BOARD = '/admin/queues'
const QUEUE = `${BOARD}/api/queues/:queueName`

const decideBoardRoutes = (): Record<string, RouteDecision> => ({
  [`POST ${BOARD}/session`]: showNothing(),
  [`GET ${BOARD}/api/queues`]: showQueue('?activeQueue=failed-replies&status=failed&page=1&jobsPerPage=10'),
  [`GET ${QUEUE}/:jobId`]: showQueue(),
  [`PUT ${BOARD}/api/queues/failed-replies/:id/retry`]: showNothing(),
  [`PUT ${BOARD}/api/queues/failed-replies/retry/failed`]: showNothing(),
  ...Object.fromEntries(BOARD_PAGES.map((path) => [`GET ${BOARD}${path}`, showNothing()])),
  ...Object.fromEntries(QUEUE_READS.map((path) => [`GET ${QUEUE}/${path}`, showNothing()])),
  ...Object.fromEntries(BOARD_CHANGES.map((route) => [route.replace(' ', ` ${BOARD}/api/queues`), showNothing()])),
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
