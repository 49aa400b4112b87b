import { toBriefingSettings } from '@engineer-chat/adapters/environment'
import { previewMessage } from '@engineer-chat/chat'
import { Preview, SendMessage } from '@engineer-chat/protocol'
import { callerOf } from '../auth/authenticate.ts'
import type { Api, ApiDeps } from '../deps.ts'

/** What would leave the house if the question were sent. */
export function previewRoute(app: Api, { config, stores, models }: ApiDeps): void {
  const briefing = toBriefingSettings(config)
  const ctx = { ...stores, models, briefing, historyLimit: config.prompts.historyMessages }

  app.post(
    '/api/engineer-chat/preview',
    {
      schema: {
        tags: ['engineer-chat'],
        summary: 'What `send` would have a model told; nothing is stored or sent',
        body: SendMessage,
        response: { 200: Preview },
      },
    },
    (request) => previewMessage(ctx, callerOf(request), request.body),
  )
}
