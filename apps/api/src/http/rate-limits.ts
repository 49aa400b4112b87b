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
 * Counts the request and sets the rate-limit headers. If the request is over the limit, resolves to the seconds that
 * the caller must wait, otherwise to null. If the configuration disables rate limits, it only resolves to null.
 */
export type RateLimit = (request: FastifyRequest, reply: FastifyReply) => Promise<number | null>

/** Does the same as `RateLimit`, but counts the request under the given key. */
export type KeyLimit = (key: string, reply: FastifyReply) => Promise<number | null>

export interface RateLimits {
  /** Counts a user's questions. */
  questions: RateLimit
  /** Counts a user's other requests; searches, previews and exports count here as well. */
  requests: RateLimit
  searches: RateLimit
  previews: RateLimit
  exports: RateLimit
  /** Counts the logins with one username from one device or network in a minute. */
  logins: KeyLimit
  /**
   * Counts the logins with one username in an hour. Each known device or network has a separate count. All others share
   * one count, because an attacker may have many addresses.
   */
  loginsPerHour: KeyLimit
  /**
   * Counts the requests with a user's own password that come from one sign-in, in a minute and in an hour, because an
   * attacker with a stolen token may try to guess the password. The user's other sign-ins have separate counts.
   */
  ownPasswords: RateLimit
  /**
   * Counts a network's requests without a valid sign-in, among them the logins from an unknown device and network.
   * Requests with a valid sign-in are not counted here, because many people may share a network.
   */
  unknownCallers: RateLimit
  /**
   * Counts a socket without a valid sign-in together with the requests of `unknownCallers`. Resolves to true if it is
   * over the limit.
   */
  countUnknownSocket(address: string): Promise<boolean>
}

/** Counts requests in counters that all nodes share. Each node uses its own counters while it cannot reach them. */
export function createRateLimits(config: Config, shared?: SharedRateCounters): RateLimits {
  const local = new LocalRateCounters()
  const count = async (key: string, windowMs = MINUTE_MS) =>
    (await shared?.increment(key, windowMs)) ?? local.increment(key, windowMs)
  const createKeyLimit = (name: string, max: number, windowMs = MINUTE_MS): KeyLimit => {
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
  const createLimit = (name: string, max: number, toKey: (request: FastifyRequest) => string): RateLimit => {
    const keyLimit = createKeyLimit(name, max)
    return (request, reply) => keyLimit(toKey(request), reply)
  }
  const toUserId = (request: FastifyRequest) => getPrincipal(request).user_id
  const toSignInId = (request: FastifyRequest) => getSignIn(request).sign_in_id
  const ownPasswordsPerMinute = createKeyLimit('own_passwords', config.rateLimits.loginsPerMinute)
  const loginsPerHour = createKeyLimit('logins_per_hour', config.rateLimits.loginsPerHour, HOUR_MS)
  return {
    questions: createLimit('sends', config.rateLimits.sendsPerMinute, toUserId),
    requests: createLimit('requests', config.rateLimits.requestsPerMinute, toUserId),
    searches: createLimit('searches', config.rateLimits.searchesPerMinute, toUserId),
    previews: createLimit('previews', config.rateLimits.previewsPerMinute, toUserId),
    exports: createLimit('exports', config.rateLimits.exportsPerMinute, toUserId),
    logins: createKeyLimit('logins', config.rateLimits.loginsPerMinute),
    loginsPerHour,
    // The maximum per hour is that of the logins, but each sign-in has its own count.
    ownPasswords: async (request, reply) =>
      (await ownPasswordsPerMinute(toSignInId(request), reply)) ??
      loginsPerHour(`sign_in:${toSignInId(request)}`, reply),
    unknownCallers: createLimit(UNKNOWN_CALLERS, config.rateLimits.unknownCallersPerMinute, toClientNetwork),
    async countUnknownSocket(address) {
      if (!config.rateLimits.isEnabled) return false
      const { used } = await count(`${UNKNOWN_CALLERS}:${toNetwork(address)}`)
      return used > config.rateLimits.unknownCallersPerMinute
    },
  }
}

/** @throws ChatError rate_limited */
export async function enforceLimit(limit: RateLimit, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  refuseIfLimited(await limit(request, reply))
}

/** @throws ChatError rate_limited */
export async function enforceKeyLimit(limit: KeyLimit, key: string, reply: FastifyReply): Promise<void> {
  refuseIfLimited(await limit(key, reply))
}

function refuseIfLimited(retry_after_seconds: number | null): void {
  if (retry_after_seconds !== null) throw new ChatError('rate_limited', undefined, { retry_after_seconds })
}

const toClientNetwork = (request: FastifyRequest): string => toNetwork(getClientAddress(request))
