import type { ChatCounters } from '@engineer-chat/adapters/metrics'
import { alreadySent, sendMessage } from '@engineer-chat/chat/asking'
import { ChatError, throwInvalid } from '@engineer-chat/chat/shared'
import { ClientMessageId, SendMessage, Sent } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import type { Limits } from '../http/limits.ts'
import { toAuditContext } from '../people/audit-request.ts'
import { getPrincipal } from '../people/authenticate.ts'

const OVER_LIMIT = 'secondsOverLimit'

/** Asking the assistant: the hot path. */
export function sendRoute(app: Api, deps: ApiDeps, limits: Limits, counted: ChatCounters): void {
  const { config, stores, bus, queue, models, log } = deps
  const maxRounds = config.sessions.maxRounds
  const ctx = { ...stores, bus, queue, maxRounds, models }

  app.decorateRequest(OVER_LIMIT, null)
  app.addHook('onRequest', async (request, reply) => {
    request.setDecorator(OVER_LIMIT, await limits.sends(request, reply))
  })

  app.post(
    '/api/engineer-chat/send',
    {
      schema: {
        tags: ['engineer-chat'],
        summary: 'Ask the assistant: 200 means that the question and its reply’s place are stored',
        headers: Type.Object({ 'idempotency-key': Type.Optional(ClientMessageId) }),
        body: SendMessage,
        response: { 200: Sent },
      },
    },
    async (request) => {
      const caller = getPrincipal(request)
      const input = addIdempotencyKey(request.body, request.headers['idempotency-key'])
      const retry_after = request.getDecorator<number | null>(OVER_LIMIT)
      if (retry_after !== null) {
        const before = await alreadySent(ctx, caller, input)
        if (before) return before // a repeated request asks nothing new: no limit refuses it
        throw new ChatError('rate_limited', undefined, { retry_after })
      }
      const sent = await sendMessage(ctx, caller, input, toAuditContext(request))
      const {
        session_id,
        user_message: { message_id, event_id },
      } = sent
      const fields = { request_id: request.id, user_id: caller.user_id, event_id, session_id, message_id }
      log.info('EngineerChat.message_sent', fields)
      counted.asked(sent.round)
      return sent
    },
  )
}

/** The header and the field are the same thing. */
function addIdempotencyKey(input: SendMessage, key: string | undefined): SendMessage {
  if (key === undefined) return input
  if (input.client_message_id !== undefined && input.client_message_id !== key) {
    throwInvalid('/client_message_id', 'must be the same as the Idempotency-Key')
  }
  return { ...input, client_message_id: key }
}
