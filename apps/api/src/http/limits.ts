import type { Config } from '@engineer-chat/adapters/environment'
import type { SharedRateCounters } from '@engineer-chat/chat/operations'
import { ChatError, sha256 } from '@engineer-chat/chat/shared'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { getPrincipal } from '../people/authenticate.ts'
import { LocalRateCounters } from './local-rate-counters.ts'

const MINUTE = 60_000
const UNKNOWN_CALLERS = 'strangers'

/** Sets the rate-limit headers; gives the seconds to wait for whoever is over the limit, else null. */
export type Limit = (request: FastifyRequest, reply: FastifyReply) => Promise<number | null>

export interface Limits {
  /** A user's questions, and their other requests. */
  sends: Limit
  requests: Limit
  /** Through a room, beside being a request. */
  searches: Limit
  /** Of what a question would have a model told, beside being a request. */
  previews: Limit
  /** Of whole rooms, beside being a request. */
  exports: Limit
  /** Of a name from an address. */
  logins: Limit
  /** Of an address: whatever no signed-in user answers for. People behind one address don't lock each other out. */
  strangers: Limit
  /** The same, for what comes by a socket. `used_up`: this one was too many. */
  strangersAt(address: string): Promise<{ used_up: boolean }>
}

/** Counted by all nodes together; by each for itself while nobody keeps the common count. */
export function createLimits(config: Config, shared?: SharedRateCounters): Limits {
  const local = new LocalRateCounters()
  const count = async (key: string) => (await shared?.increment(key, MINUTE)) ?? local.increment(key, MINUTE)
  const limit = (name: string, max: number, keyOf: (request: FastifyRequest) => string): Limit => {
    if (!config.rateLimits.isEnabled) return async () => null
    return async (request, reply) => {
      const { used, reset_ms } = await count(`${name}:${keyOf(request)}`)
      const reset = Math.ceil(reset_ms / 1_000)
      reply.header('ratelimit-limit', max)
      reply.header('ratelimit-remaining', Math.max(0, max - used))
      reply.header('ratelimit-reset', reset)
      return used > max ? reset : null
    }
  }
  const user = (request: FastifyRequest) => getPrincipal(request).user_id
  return {
    sends: limit('sends', config.rateLimits.sendsPerMinute, user),
    requests: limit('requests', config.rateLimits.requestsPerMinute, user),
    searches: limit('searches', config.rateLimits.searchesPerMinute, user),
    previews: limit('previews', config.rateLimits.previewsPerMinute, user),
    exports: limit('exports', config.rateLimits.exportsPerMinute, user),
    logins: limit('logins', config.rateLimits.loginsPerMinute, toLoginKey),
    strangers: limit(UNKNOWN_CALLERS, config.rateLimits.strangersPerMinute, (request) => request.ip),
    async strangersAt(address) {
      if (!config.rateLimits.isEnabled) return { used_up: false }
      const { used } = await count(`${UNKNOWN_CALLERS}:${address}`)
      return { used_up: used > config.rateLimits.strangersPerMinute }
    },
  }
}

/** @throws ChatError rate_limited */
export async function withinLimit(limit: Limit, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const retry_after = await limit(request, reply)
  if (retry_after !== null) throw new ChatError('rate_limited', undefined, { retry_after })
}

/** As a hash: a name has any characters, and sometimes it is a password that was typed into the wrong box. */
function toLoginKey({ ip, body }: FastifyRequest): string {
  const name = body !== null && typeof body === 'object' && 'username' in body ? String(body.username) : ''
  return sha256(`${ip} ${name}`)
}
