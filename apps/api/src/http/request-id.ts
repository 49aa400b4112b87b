import type { IncomingMessage } from 'node:http'
import { createId } from '@engineer-chat/chat/shared'

/** Keeps a proxy's own id if it is safe in a header and a log. */
export function createRequestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : createId()
}
