import { isIP, SocketAddress } from 'node:net'
import { ChatError } from '@engineer-chat/chat/shared'
import type { FastifyRequest } from 'fastify'
import type { Api } from '../deps.ts'

/** The audit's column has room for an IPv6 address in its longest form. */
const MAX_ADDRESS_LENGTH = 45

/**
 * Refuses a malformed address before it is counted or stored, because a trusted proxy passes on what a client wrote
 * into `X-Forwarded-For`.
 */
export function refuseBadAddresses(app: Api): void {
  app.addHook('onRequest', async ({ ip }) => {
    if (ip.length > MAX_ADDRESS_LENGTH || isIP(getClientAddress({ ip })) === 0) {
      throw new ChatError('validation_failed', 'X-Forwarded-For does not name an address.')
    }
  })
}

/**
 * Returns the client's address in one form, so that limits and the audit do not take one client for several: without
 * the port and zone that some proxies add, IPv6 in its shortest form, and `::ffff:192.0.2.1` as `192.0.2.1`.
 */
export function getClientAddress({ ip }: Pick<FastifyRequest, 'ip'>): string {
  const [, inBrackets, beforePort] = PORT_BEHIND_ADDRESS.exec(ip) ?? []
  const [address = ip] = (inBrackets ?? beforePort ?? ip).split('%')
  if (isIP(address) !== 6) return address
  return new SocketAddress({ address, family: 'ipv6' }).address.replace(MAPPED_IPV4, '')
}

const PORT_BEHIND_ADDRESS = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/

const GROUPS = 8
const GROUPS_OF_A_NETWORK = 4

/**
 * Returns the network that limits count as one caller: for IPv6 the /64, because a home or a server has at least that
 * many addresses, and could use another one for each request.
 */
export function toNetwork(address: string): string {
  if (isIP(address) !== 6) return address
  const [before = '', after] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: GROUPS - before.length - (after?.length ?? 0) }, () => '0')
  const groups = [...before, ...(after ? [...zeros, ...after] : [])]
  return `${groups.slice(0, GROUPS_OF_A_NETWORK).join(':')}::/64`
}
