import { isIP, SocketAddress } from 'node:net'
import { ChatError } from '@engineer-chat/chat/shared'
import type { FastifyRequest } from 'fastify'
import type { Api } from '../deps.ts'

/** The audit's column has room for an IPv6 address in its longest form. */
const MAX_ADDRESS_LENGTH = 45

/**
 * Refuses a request whose client address is malformed, before the address is counted or stored. A trusted proxy may
 * pass on any text that a client wrote into `X-Forwarded-For`.
 */
export function refuseMalformedAddresses(app: Api): void {
  app.addHook('onRequest', async ({ ip }) => {
    if (ip.length > MAX_ADDRESS_LENGTH || isIP(getClientAddress({ ip })) === 0) {
      throw new ChatError('validation_failed', 'X-Forwarded-For does not name an address.')
    }
  })
}

/**
 * Returns the client's address in a canonical form, so that limits and the audit do not count one client several times.
 * The form has no port and no zone, which some proxies add. IPv6 is in its shortest form, and `::ffff:192.0.2.1`
 * becomes `192.0.2.1`.
 */
export function getClientAddress({ ip }: Pick<FastifyRequest, 'ip'>): string {
  const [, ipv6, ipv4] = ADDRESS_WITH_PORT.exec(ip) ?? []
  const [address = ip] = (ipv6 ?? ipv4 ?? ip).split('%')
  if (isIP(address) !== 6) return address
  return new SocketAddress({ address, family: 'ipv6' }).address.replace(MAPPED_IPV4, '')
}

const ADDRESS_WITH_PORT = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/
const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/

/** An IPv6 address has eight groups of 16 bits. The first four of them are its /64 network. */
const IPV6_GROUPS = 8
const NETWORK_GROUPS = 4

/**
 * Returns the network that limits count as one caller. For IPv4 it is the address itself. For IPv6 it is the /64,
 * because a home or a server has at least that many addresses, and could use a different one for each request.
 */
export function toNetwork(address: string): string {
  if (isIP(address) !== 6) return address
  const [leftGroups = [], rightGroups] = address
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''))
  // `::` stands for all the groups of zeros that are missing.
  const zeros = Array.from({ length: IPV6_GROUPS - leftGroups.length - (rightGroups?.length ?? 0) }, () => '0')
  const groups = [...leftGroups, ...(rightGroups ? [...zeros, ...rightGroups] : [])]
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`
}
