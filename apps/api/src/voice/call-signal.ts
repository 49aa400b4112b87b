import { ChatError } from '@engineer-chat/chat/shared'
import type { FastifyReply } from 'fastify'

/**
 * Creates a signal that aborts when the response is closed. If the caller disconnects early, the signal stops the call
 * to the voice endpoint, because a result that nobody reads costs money, too.
 */
export function createCallSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => controller.abort(new ChatError('unavailable', 'The caller has left.')))
  return controller.signal
}
