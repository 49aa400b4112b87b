import { toPromptSettings } from '@engineer-chat/adapters/environment'
import { previewMessage } from '@engineer-chat/chat/asking'
import { ChatError } from '@engineer-chat/chat/shared'
import { limitConcurrency } from '@engineer-chat/process/limit-concurrency'
import { Preview, SendMessage } from '@engineer-chat/protocol'
import type { Api, ApiDeps } from '../deps.ts'
import { enforceLimit, type RateLimits } from '../http/rate-limits.ts'
import { createRunVerb } from '../http/run-verb.ts'

/** This many previews may wait for each preview that may run. */
const WAITING_PER_PREVIEW = 4
const RETRY_AFTER_SECONDS = 5

/** Registers the route that shows the prompt that a model would receive with a question. */
export function registerPreviewRoute(app: Api, deps: ApiDeps, limits: RateLimits): void {
  const { config, stores, models } = deps
  const promptSettings = toPromptSettings(config)
  const ctx = { ...stores, models, promptSettings, historyLimit: config.prompts.historyMessages }
  const run = createRunVerb(deps)
  const { maxPreviews } = config.http
  const runLimited = limitConcurrency(maxPreviews, {
    maxWaiting: maxPreviews * WAITING_PER_PREVIEW,
    createError: () => new ChatError('unavailable', undefined, { retry_after_seconds: RETRY_AFTER_SECONDS }),
  })

  app.post(
    '/api/engineer-chat/preview',
    {
      preHandler: async (request, reply) => enforceLimit(limits.previews, request, reply),
      schema: {
        tags: ['engineer-chat'],
        summary: 'Return the prompt that `send` would give to a model; nothing is stored or sent',
        body: SendMessage,
        response: { 200: Preview },
      },
    },
    (request) => runLimited(() => run(request, previewMessage, ctx, request.body)),
  )
}
