import type { ChatCounters } from '@engineer-chat/adapters/metrics'
import { findEarlierSendResult, sendMessage } from '@engineer-chat/chat/asking'
import { ChatError, throwInvalid } from '@engineer-chat/chat/shared'
import { ClientMessageId, SendMessage, SendResult } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import type { RateLimits } from '../http/rate-limits.ts'
import { createRunVerb } from '../http/run-verb.ts'

const RETRY_AFTER_DECORATOR = 'retryAfterSeconds'

/** Registers the route by which a user asks the assistant a question. */
export function registerSendRoute(app: Api, deps: ApiDeps, limits: RateLimits, counters: ChatCounters): void {
  const { config, stores, bus, queue, models } = deps
  const ctx = { ...stores, bus, queue, maxRounds: config.sessions.maxRounds, models }
  const run = createRunVerb(deps)

  // The hook only counts the request. A request over the limit is refused by the handler, because only the body shows
  // whether the request is repeated.
  app.decorateRequest(RETRY_AFTER_DECORATOR, null)
  app.addHook('onRequest', async (request, reply) => {
    request.setDecorator(RETRY_AFTER_DECORATOR, await limits.questions(request, reply))
  })

  app.post(
    '/api/engineer-chat/send',
    {
      schema: {
        tags: ['engineer-chat'],
        summary: 'Ask the assistant; 200 means that the question and a pending reply are stored',
        headers: Type.Object({ 'idempotency-key': Type.Optional(ClientMessageId) }),
        body: SendMessage,
        response: { 200: SendResult },
      },
    },
    async (request) => {
      const input = addIdempotencyKey(request.body, request.headers['idempotency-key'])
      const retry_after_seconds = request.getDecorator<number | null>(RETRY_AFTER_DECORATOR)
      if (retry_after_seconds !== null) {
        const earlierResult = await run(request, findEarlierSendResult, ctx, input)
        if (earlierResult) return earlierResult // A repeated request stores nothing new, so no limit refuses it.
        throw new ChatError('rate_limited', undefined, { retry_after_seconds })
      }
      const sent = await run(request, sendMessage, ctx, input)
      counters.countQuestion(sent.round)
      return sent
    },
  )
}

/** Copies the key from the header to the field. Both have the same meaning. */
function addIdempotencyKey(input: SendMessage, key: string | undefined): SendMessage {
  if (key === undefined) return input
  if (input.client_message_id !== undefined && input.client_message_id !== key) {
    throwInvalid('/client_message_id', 'must be the same as the Idempotency-Key')
  }
  return { ...input, client_message_id: key }
}
