import { ChatError } from '@engineer-chat/chat/shared'
import type { FastifyReply } from 'fastify'

/** Aborts when the caller hangs up, because nobody takes the answer then, and it costs. */
export function createCallSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort(new ChatError('unavailable', 'The caller has left.')))
  return gone.signal
}
