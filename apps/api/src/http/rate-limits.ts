import type { Config } from '@engineer-chat/adapters/environment'
import type { SharedRateCounters } from '@engineer-chat/chat/operations'
import { ChatError } from '@engineer-chat/chat/shared'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { getPrincipal, getSignIn } from '../people/authenticate.ts'
import { getClientAddress, toNetwork } from './client-address.ts'
import { LocalRateCounters } from './local-rate-counters.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const UNKNOWN_CALLERS = 'strangers'

/**
 * Counts the request and sets the rate-limit headers. Resolves to the seconds to wait if it is over the limit, else to
 * null.
 */
export type RateLimit = (request: FastifyRequest, reply: FastifyReply) => Promise<number | null>

/** Counts for a key that the caller chooses. */
export type KeyLimit = (key: string, reply: FastifyReply) => Promise<number | null>

export interface RateLimits {
  /** Counts a user's questions. */
  questions: RateLimit
  /** Counts a user's other requests; searches, previews and exports count here as well. */
  requests: RateLimit
  searches: RateLimit
  previews: RateLimit
  exports: RateLimit
  /** Counts the logins with one name from one device or network. */
  logins: KeyLimit
  /**
   * Counts the logins with one name over an hour: from each known device or network apart, and from all others together,
   * because one attacker may have many addresses.
   */
  loginsPerHour: KeyLimit
  /**
   * Counts what a sign-in gives as its user's password, because a stolen token may be used to guess it. The user's other
   * sign-ins are not limited by it.
   */
  ownPasswords: RateLimit
  /**
   * Counts an address's requests without a valid sign-in. Requests with one are not counted here, because many people
   * may share an address.
   */
  unknownCallers: RateLimit
  /** Counts a socket without a valid sign-in. Resolves to true if its address is over the limit. */
  countUnknownSocket(address: string): Promise<boolean>
}

/** All nodes count together. Each node counts alone while the shared counters cannot be reached. */
export function createRateLimits(config: Config, shared?: SharedRateCounters): RateLimits {
  const local = new LocalRateCounters()
  const count = async (key: string, windowMs = MINUTE_MS) =>
    (await shared?.increment(key, windowMs)) ?? local.increment(key, windowMs)
  const limitKeys = (name: string, max: number, windowMs = MINUTE_MS): KeyLimit => {
    if (!config.rateLimits.isEnabled) return async () => null
    return async (key, reply) => {
      const { used, resetMs } = await count(`${name}:${key}`, windowMs)
      const resetSeconds = Math.ceil(resetMs / 1_000)
      reply.header('ratelimit-limit', max)
      reply.header('ratelimit-remaining', Math.max(0, max - used))
      reply.header('ratelimit-reset', resetSeconds)
      return used > max ? resetSeconds : null
    }
  }
  const limit = (name: string, max: number, toKey: (request: FastifyRequest) => string): RateLimit => {
    const limitKey = limitKeys(name, max)
    return (request, reply) => limitKey(toKey(request), reply)
  }
  const toUserId = (request: FastifyRequest) => getPrincipal(request).user_id
  const toSignInId = (request: FastifyRequest) => getSignIn(request).sign_in_id
  const ownPasswords = limitKeys('own_passwords', config.rateLimits.loginsPerMinute)
  const loginsPerHour = limitKeys('logins_per_hour', config.rateLimits.loginsPerHour, HOUR_MS)
  return {
    questions: limit('sends', config.rateLimits.sendsPerMinute, toUserId),
    requests: limit('requests', config.rateLimits.requestsPerMinute, toUserId),
    searches: limit('searches', config.rateLimits.searchesPerMinute, toUserId),
    previews: limit('previews', config.rateLimits.previewsPerMinute, toUserId),
    exports: limit('exports', config.rateLimits.exportsPerMinute, toUserId),
    logins: limitKeys('logins', config.rateLimits.loginsPerMinute),
    loginsPerHour,
    ownPasswords: async (request, reply) =>
      (await ownPasswords(toSignInId(request), reply)) ?? loginsPerHour(`sign_in:${toSignInId(request)}`, reply),
    unknownCallers: limit(UNKNOWN_CALLERS, config.rateLimits.unknownCallersPerMinute, toClientNetwork),
    async countUnknownSocket(address) {
      if (!config.rateLimits.isEnabled) return false
      const { used } = await count(`${UNKNOWN_CALLERS}:${toNetwork(address)}`)
      return used > config.rateLimits.unknownCallersPerMinute
    },
  }
}

/** @throws ChatError rate_limited */
export async function enforceLimit(limit: RateLimit, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  refuseIfOver(await limit(request, reply))
}

/** @throws ChatError rate_limited */
export async function enforceKeyLimit(limit: KeyLimit, key: string, reply: FastifyReply): Promise<void> {
  refuseIfOver(await limit(key, reply))
}

function refuseIfOver(retry_after_seconds: number | null): void {
  if (retry_after_seconds !== null) throw new ChatError('rate_limited', undefined, { retry_after_seconds })
}

const toClientNetwork = (request: FastifyRequest): string => toNetwork(getClientAddress(request))
