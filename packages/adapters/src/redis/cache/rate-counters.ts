import type { RateCount, SharedRateCounters } from '@engineer-chat/chat/operations'
import type { Keys } from '../connection/index.ts'
import type { Publisher } from '../pubsub/index.ts'
import { createOptionalCommand } from './optional-command.ts'

// One script counts and sets the end of the window, because a key that never expires would count forever.
const COUNT = `local used = redis.call('INCR', KEYS[1])
local leftMs = redis.call('PTTL', KEYS[1])
if leftMs < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  leftMs = tonumber(ARGV[1])
end
return {used, leftMs}`

export function createSharedRateCounters(publisher: Publisher, keys: Keys): SharedRateCounters {
  const runOptional = createOptionalCommand(publisher)
  return {
    increment: async (key, windowMs) =>
      toRateCount(await runOptional((client) => client.eval(COUNT, 1, keys.rateCount(key), windowMs))),
  }
}

function toRateCount(answer: unknown): RateCount | undefined {
  if (!Array.isArray(answer)) return undefined
  const [used, resetMs] = answer.map(Number)
  return used === undefined || resetMs === undefined ? undefined : { used, resetMs }
}
