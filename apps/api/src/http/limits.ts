import type { Environment } from '@engineer-chat/adapters/environment'
import { ChatError } from '@engineer-chat/chat'
import rateLimit from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { callerOf } from '../auth/authenticate.ts'
import type { Api } from '../deps.ts'

const MINUTE = 60_000
const LOGINS_PER_MINUTE = 10
const MAX_KEYS = 20_000

/** Sets the rate-limit headers; gives the seconds to wait for whoever is over the limit, else null. */
export type Limit = (request: FastifyRequest, reply: FastifyReply) => Promise<number | null>

export interface Limits {
  sends: Limit
  requests: Limit
  logins: Limit
}

/** Counts per node, in memory: nothing in a request waits for Redis. Behind n nodes a user has up to n times as many. */
export function registerLimits(app: Api): void {
  app.register(rateLimit, { global: false, cache: MAX_KEYS, timeWindow: MINUTE, skipOnError: true })
}

/** To be called once the plugin is loaded. */
export function createLimits(app: Api, config: Environment): Limits {
  const limit = (max: number, keyOf: (request: FastifyRequest) => string): Limit => {
    const count = app.createRateLimit({ max, timeWindow: MINUTE, keyGenerator: keyOf })
    return async (request, reply) => {
      if (!config.RATE_LIMIT_ENABLED) return null
      const counted = await count(request)
      if (counted.isAllowed) return null
      reply.header('ratelimit-limit', counted.max)
      reply.header('ratelimit-remaining', counted.remaining)
      reply.header('ratelimit-reset', counted.ttlInSeconds)
      return counted.isExceeded ? counted.ttlInSeconds : null
    }
  }
  const user = (request: FastifyRequest) => callerOf(request).user_id
  return {
    sends: limit(config.RATE_LIMIT_SENDS_PER_MINUTE, user),
    requests: limit(config.RATE_LIMIT_REQUESTS_PER_MINUTE, user),
    logins: limit(LOGINS_PER_MINUTE, (request) => `${request.ip} ${usernameIn(request.body)}`),
  }
}

/** @throws ChatError rate_limited */
export async function withinLimit(limit: Limit, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const retry_after = await limit(request, reply)
  if (retry_after !== null) throw new ChatError('rate_limited', undefined, { retry_after })
}

function usernameIn(body: unknown): string {
  return body !== null && typeof body === 'object' && 'username' in body ? String(body.username) : ''
}
