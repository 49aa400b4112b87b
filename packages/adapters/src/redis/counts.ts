import type { Counted, SharedCounts } from '@engineer-chat/chat'
import type { Keys } from './keys.ts'
import type { Publisher } from './publisher.ts'

/** A request waits for its count no longer than this. */
const PATIENCE_MS = 100
/** Redis that was too slow once isn't waited for again for so long. */
const SULK_MS = 1_000

// The window's end is set with its first count, in one step: a key that never expires would count for ever.
const COUNT = `local used = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {used, left}`

export function sharedCounts(publisher: Publisher, keys: Keys): SharedCounts {
  let sulkUntil = 0
  return {
    async count(key, window_ms) {
      if (performance.now() < sulkUntil) return undefined
      const counting = publisher.attempt((client) => client.eval(COUNT, 1, keys.count(key), window_ms))
      const answer = await within(PATIENCE_MS, counting)
      if (answer === TOO_LATE) sulkUntil = performance.now() + SULK_MS
      return countedOf(answer)
    },
  }
}

const TOO_LATE = Symbol('too late')

async function within<T>(ms: number, promise: Promise<T>): Promise<T | typeof TOO_LATE> {
  const { promise: tooLate, resolve } = Promise.withResolvers<typeof TOO_LATE>()
  const timer = setTimeout(resolve, ms, TOO_LATE)
  try {
    return await Promise.race([promise, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

function countedOf(answer: unknown): Counted | undefined {
  if (!Array.isArray(answer)) return undefined
  const [used, reset_ms] = answer.map(Number)
  return used === undefined || reset_ms === undefined ? undefined : { used, reset_ms }
}
