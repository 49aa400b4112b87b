import { listModels } from '@engineer-chat/chat/asking'
import { Model } from '@engineer-chat/protocol'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createRunVerb } from '../http/run-verb.ts'

export function registerModelsRoute(app: Api, deps: ApiDeps): void {
  const run = createRunVerb(deps)
  app.get(
    '/api/engineer-chat/models',
    {
      schema: {
        tags: ['engineer-chat'],
        summary: 'List the models that a caller may choose for a question',
        response: { 200: Paginated(Model) },
      },
    },
    (request) => run(request, listModels, { models: deps.models }, {}),
  )
}
