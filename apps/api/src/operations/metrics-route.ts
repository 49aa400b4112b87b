import type { Api, ApiDeps } from '../deps.ts'

/**
 * Measures the response times of all requests. Their label is the pattern of the route, because each id in a path would
 * create a new time series.
 */
export function measureRequests(app: Api, { metrics }: ApiDeps): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched'
    metrics.apiResponse.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    )
    done()
  })
}

export function registerMetricsRoute(app: Api, { metrics }: ApiDeps): void {
  const schema = { tags: ['operations'], security: [], summary: 'Return metrics for Prometheus' }
  app.get('/metrics', { schema }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
}
