import { ChatError } from '@engineer-chat/chat/shared'
import type { Api } from '../deps.ts'

/** The audit's column has room for an IPv6 address in its longest form. */
const MAX_ADDRESS_LENGTH = 45
const ADDRESS = /^[0-9A-Za-z.:%_[\]-]*$/

/**
 * Refuses a malformed address before it is counted or stored, because a trusted proxy passes on what a client wrote
 * into `X-Forwarded-For`.
 */
export function refuseBadAddresses(app: Api): void {
  app.addHook('onRequest', async ({ ip }) => {
    if (ip.length > MAX_ADDRESS_LENGTH || !ADDRESS.test(ip)) {
      throw new ChatError('validation_failed', 'X-Forwarded-For does not name an address.')
    }
  })
}
