import { BlockList, isIP } from 'node:net'
import type { Config } from '@engineer-chat/adapters/environment'
import { ChatError } from '@engineer-chat/chat/shared'
import type { FastifyRequest } from 'fastify'
import { getClientAddress } from '../http/client-address.ts'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

const REFUSAL =
  'Passwords and sign-ins are accepted only over https. Behind a proxy, TRUSTED_PROXIES must name it, and it must send X-Forwarded-Proto.'

/**
 * Refuses a password or a refresh token in a request over plain http. Such a request is accepted if the configuration
 * allows plain http, or if it came from this machine and crossed no network. If no proxy is trusted, a request with
 * forwarding headers has crossed a network.
 * @throws ChatError forbidden
 */
export function requireHttps(request: FastifyRequest, config: Config): void {
  if (config.signIn.isPlainHttpAllowed || request.protocol === 'https') return
  const hasTrustedProxies = config.http.trustedProxies.length > 0
  const isForwarded =
    !hasTrustedProxies && (request.headers['x-forwarded-for'] ?? request.headers.forwarded) !== undefined
  if (isForwarded || !isLoopback(getClientAddress(request))) throw new ChatError('forbidden', REFUSAL)
}

function isLoopback(address: string): boolean {
  const version = isIP(address)
  return version !== 0 && loopback.check(address, version === 4 ? 'ipv4' : 'ipv6')
}
