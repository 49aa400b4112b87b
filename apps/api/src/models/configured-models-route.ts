import { listConfiguredModels } from '@engineer-chat/chat/operations'
import { ConfiguredModel } from '@engineer-chat/protocol'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createRunVerb } from '../http/run-verb.ts'

export function registerConfiguredModelsRoute(app: Api, deps: ApiDeps): void {
  const run = createRunVerb(deps)
  app.get(
    '/api/admin/models',
    {
      schema: {
        tags: ['operations'],
        summary: 'Admin: list the models with their rules, fallbacks and prices',
        response: { 200: Paginated(ConfiguredModel) },
      },
    },
    (request) => run(request, listConfiguredModels, { models: deps.models, modelHealth: deps.stores.modelHealth }, {}),
  )
}
