import type { IncomingMessage } from 'node:http'
import { ChatError } from '@engineer-chat/chat/shared'
import type { Api } from '../deps.ts'

/**
 * Refuses a request that names more than one host. Node uses the first of two `Host` headers, but a proxy may have used
 * the other one. An absolute URL in the request line names a host as well (RFC 9112, 3.2).
 */
export function refuseTwoHosts(app: Api): void {
  app.addHook('onRequest', async ({ raw }) => {
    if (namesTwoHosts(raw)) throw new ChatError('validation_failed', 'The request names more than one host.')
  })
}

function namesTwoHosts({ url = '/', rawHeaders, headers: { host } }: IncomingMessage): boolean {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'host') count += 1
  }
  if (count > 1 || host?.includes(',') === true) return true
  const urlHost = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1]
  return urlHost !== undefined && urlHost.toLowerCase() !== host?.toLowerCase()
}
