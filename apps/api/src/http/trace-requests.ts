import type { Span } from '@engineer-chat/chat/shared'
import type { FastifyRequest } from 'fastify'
import type { Api, ApiDeps } from '../deps.ts'

const SPAN_DECORATOR = 'traceSpan'

/**
 * Starts a span for each request of the API. It continues the trace of a trusted `traceparent`, and otherwise begins a
 * trace. Health, metrics and the war room's page have no spans.
 */
export function traceRequests(app: Api, { tracer, config }: ApiDeps): void {
  app.decorateRequest(SPAN_DECORATOR, null)
  if (!tracer) return
  app.addHook('onRequest', async (request, reply) => {
    const { method, id: request_id } = request
    const route = request.routeOptions.url
    if (!route?.startsWith('/api/')) return
    const { traceparent, 'x-request-id': givenId } = request.headers
    const span = tracer.startSpan(`${method} ${route}`, {
      kind: 'server',
      parent: config.tracing.isTraceparentTrusted && typeof traceparent === 'string' ? traceparent : undefined,
      // An id that the caller chose does not identify one request, because several requests may have it.
      rootRequestId: givenId === request_id ? undefined : request_id,
      fields: { 'http.request.method': method, 'http.route': route, request_id },
    })
    request.setDecorator(SPAN_DECORATOR, span)
    const { raw } = reply
    raw.once('close', () => {
      if (!raw.writableEnded) return span.end('client_left')
      span.set({ 'http.response.status_code': raw.statusCode })
      span.end(raw.statusCode >= 500 ? String(raw.statusCode) : undefined)
    })
  })
}

/** Returns the span of the request, or undefined if it is not traced. */
export const findSpan = (request: FastifyRequest): Span | undefined =>
  request.getDecorator<Span | null>(SPAN_DECORATOR) ?? undefined
