import type { IncomingMessage } from 'node:http'
import { createId } from '@engineer-chat/chat/shared'

/** Returns the `x-request-id` of the request if it is safe in a header and a log, and otherwise a new id. */
export function createRequestId(request: IncomingMessage): string {
  const givenId = request.headers['x-request-id']
  return typeof givenId === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(givenId) ? givenId : createId()
}
