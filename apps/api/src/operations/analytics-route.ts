import { readAnalytics } from '@engineer-chat/chat/operations'
import { Analytics, AnalyticsQuery } from '@engineer-chat/protocol'
import type { Api, ApiDeps } from '../deps.ts'
import { createRunVerb } from '../http/run-verb.ts'

export function registerAnalyticsRoute(app: Api, deps: ApiDeps): void {
  const run = createRunVerb(deps)
  app.get(
    '/api/admin/analytics',
    {
      schema: {
        tags: ['operations'],
        summary:
          'Admin: return volumes, answer times, failures and quality by day and model; the default is the last 30 days',
        querystring: AnalyticsQuery,
        response: { 200: Analytics },
      },
    },
    (request) => run(request, readAnalytics, deps.stores, request.query),
  )
}
