import type { Span } from '@engineer-chat/chat/shared'
import type { FastifyRequest } from 'fastify'
import type { Api, ApiDeps } from '../deps.ts'

const SPAN = 'traceSpan'

/** Measures each request of the API as the first step of a trace. Health, metrics and the page's files are left out. */
export function traceRequests(app: Api, { tracer, config }: ApiDeps): void {
  app.decorateRequest(SPAN, null)
  if (!tracer) return
  app.addHook('onRequest', async (request, reply) => {
    const { method, id: request_id } = request
    const route = request.routeOptions.url
    if (!route?.startsWith('/api/')) return
    const { traceparent, 'x-request-id': givenId } = request.headers
    const span = tracer.startSpan(`${method} ${route}`, {
      kind: 'server',
      parent: config.tracing.isTraceparentTrusted && typeof traceparent === 'string' ? traceparent : undefined,
      // Several requests may bring the same id.
      beginsRequest: givenId === request_id ? undefined : request_id,
      fields: { 'http.request.method': method, 'http.route': route, request_id },
    })
    request.setDecorator(SPAN, span)
    const { raw } = reply
    raw.once('close', () => {
      if (!raw.writableEnded) return span.end('client_left')
      span.set({ 'http.response.status_code': raw.statusCode })
      span.end(raw.statusCode >= 500 ? String(raw.statusCode) : undefined)
    })
  })
}

/** Returns the request's step of a trace, or undefined if it is not traced. */
export const findSpan = (request: FastifyRequest): Span | undefined =>
  request.getDecorator<Span | null>(SPAN) ?? undefined
