import { ChatError } from '@engineer-chat/chat/shared'
import type { FastifyReply } from 'fastify'

/** Creates a signal that aborts when the caller disconnects, because an unread result costs money as well. */
export function createCallSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort(new ChatError('unavailable', 'The caller has left.')))
  return gone.signal
}
