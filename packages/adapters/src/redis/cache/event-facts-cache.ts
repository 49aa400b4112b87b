import type { EventFacts, EventFactsCache } from '@engineer-chat/chat/events'
import { Event, EventSummary } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Keys } from '../connection/index.ts'
import type { Publisher } from '../pubsub/index.ts'
import { createWithTimeout } from './with-timeout.ts'

/** A larger event is read from MySQL each time, rather than filling a Redis that must not evict. */
const MAX_BYTES = 256 * 1024

const CachedFacts = Compile(
  Type.Object({ version: Type.String(), event: Event, summary: Type.Union([EventSummary, Type.Null()]) }),
)

/** What of an event is told to models, one key each, gone after `ttl_s`. Public to its room: nothing of a session is in it. */
export function createEventFactsCache(
  publisher: Publisher,
  keys: Keys,
  ttl_s: number,
): EventFactsCache & { drop(event_id: string): void } {
  const ask = createWithTimeout(publisher)
  return {
    async find(event_id) {
      const text = await ask((client) => client.get(keys.facts(event_id)))
      const facts = text ? parseJson(text) : undefined
      return facts?.event.event_id === event_id ? facts : undefined
    },
    put(facts) {
      const text = JSON.stringify(facts)
      if (Buffer.byteLength(text) > MAX_BYTES) return
      void publisher.attempt((client) => client.set(keys.facts(facts.event.event_id), text, 'EX', ttl_s))
    },
    drop: (event_id) => void publisher.attempt((client) => client.unlink(keys.facts(event_id))),
  }
}

/** Anybody can write to Redis, another version of ours too. */
function parseJson(text: string): EventFacts | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return CachedFacts.Check(value) ? value : undefined
  } catch {
    return undefined
  }
}
