import { withTimeout } from '@engineer-chat/process/with-timeout'
import type { RedisClient } from '../connection/index.ts'
import type { Publisher } from '../pubsub/index.ts'

/** A request waits at most this long for an answer of Redis. */
const TIMEOUT_MS = 100
/** After an answer that takes longer, no further command is sent for this time. */
const COOLDOWN_MS = 1_000

/**
 * Creates a function that runs a command whose result its caller can do without. It resolves to undefined if Redis is
 * down or slow.
 */
export function createOptionalCommand(
  publisher: Publisher,
): <T>(command: (client: RedisClient) => Promise<T>) => Promise<T | undefined> {
  let cooldownUntilMs = 0
  return async (command) => {
    if (performance.now() < cooldownUntilMs) return undefined
    return withTimeout(publisher.attempt(command), TIMEOUT_MS, () => {
      cooldownUntilMs = performance.now() + COOLDOWN_MS
      return undefined
    })
  }
}
