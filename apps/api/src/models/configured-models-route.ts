import { listConfiguredModels } from '@engineer-chat/chat/operations'
import { ConfiguredModel } from '@engineer-chat/protocol'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { getPrincipal } from '../people/authenticate.ts'

export function configuredModelsRoute(app: Api, { models }: ApiDeps): void {
  app.get(
    '/api/admin/models',
    {
      schema: {
        tags: ['operations'],
        summary: 'Admin: the models, for which events each is chosen, who answers in its stead, and prices',
        response: { 200: Paginated(ConfiguredModel) },
      },
    },
    async (request) => ({ items: listConfiguredModels(getPrincipal(request), models), next_cursor: null }),
  )
}
