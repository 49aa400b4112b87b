import { toBriefingSettings } from '@engineer-chat/adapters/environment'
import { inTurn, previewMessage } from '@engineer-chat/chat'
import { Preview, SendMessage } from '@engineer-chat/protocol'
import { callerOf } from '../auth/authenticate.ts'
import type { Api, ApiDeps } from '../deps.ts'
import { type Limits, withinLimit } from '../http/limits.ts'

/** For each preview that is made, so many may wait. */
const WAITING_PER_PREVIEW = 4

/** What would leave the house if the question were sent. */
export function previewRoute(app: Api, { config, stores, models }: ApiDeps, limits: Limits): void {
  const briefing = toBriefingSettings(config)
  const ctx = { ...stores, models, briefing, historyLimit: config.prompts.historyMessages }
  const { maxPreviews } = config.http
  const withTurn = inTurn(maxPreviews, maxPreviews * WAITING_PER_PREVIEW)

  app.post(
    '/api/engineer-chat/preview',
    {
      preHandler: async (request, reply) => withinLimit(limits.previews, request, reply),
      schema: {
        tags: ['engineer-chat'],
        summary: 'What `send` would have a model told; nothing is stored or sent',
        body: SendMessage,
        response: { 200: Preview },
      },
    },
    (request) => withTurn(() => previewMessage(ctx, callerOf(request), request.body)),
  )
}
