import { createLog } from '@engineer-chat/adapters/log'
import { createRedisServers, openRedisHints } from '@engineer-chat/adapters/redis'
import type { TextDelta } from '@engineer-chat/chat/shared'
import { Redis } from 'ioredis'
import { machineNow } from '../crowd/protocol.ts'
import { requireVariable } from './variables.ts'

/** Publishes pieces of replies: coalesced, as a worker does it, or with a PUBLISH for each. */
type Append = (text: string) => void

const REDIS_URL = requireVariable('REDIS_URL')
const log = createLog({ level: 'silent', service: 'bench' })
const hints = openRedisHints({
  servers: createRedisServers({ form: 'single', url: REDIS_URL }),
  namespace: 'ec',
  nodeId: 'writer',
  log,
})
const redis = new Redis(REDIS_URL, { enableAutoPipelining: true })

interface Work {
  how: 'coalesced' | 'each'
  replies: Array<{ message_id: string; event_id: string }>
  attempt: number
  per_second: number
  duration_ms: number
}

const SLOTS = 10

function createAppend({ how, attempt }: Work, { message_id, event_id }: Work['replies'][number]): Append {
  if (how === 'coalesced') {
    const live = hints.live.open({ message_id, attempt }, event_id)
    return (text) => live.append(text)
  }
  let index = 0
  return (text) => {
    const delta: TextDelta = { message_id, attempt, event_id, index, text }
    index += 1
    void redis.publish(`ec:room:${event_id}`, JSON.stringify({ type: 'deltas', deltas: [delta] }))
  }
}

function write(work: Work): void {
  const appends = work.replies.map((reply) => createAppend(work, reply))
  const pieces = Math.round((work.per_second * work.duration_ms) / 1_000)
  const tick_ms = 1_000 / work.per_second / SLOTS
  const begin = performance.now()
  let slot = 0
  const timer = setInterval(() => {
    for (; begin + slot * tick_ms <= performance.now() && slot < pieces * SLOTS; slot++) {
      // The replies of a slot share one stamp, because a worker does not stamp its pieces.
      const piece = `~${machineNow().toFixed(3)}~ word `
      for (let at = slot % SLOTS; at < appends.length; at += SLOTS) appends[at]?.(piece)
    }
    if (slot < pieces * SLOTS) return
    clearInterval(timer)
    setTimeout(() => process.send?.({ written: pieces * appends.length }), 500)
  }, 2)
}

process.on('message', write)
process.on('disconnect', () => process.exit(0))
console.log('ready writer')
