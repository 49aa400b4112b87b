import type { EventFacts, EventFactsCache } from '@engineer-chat/chat/events'
import { Event, EventSummary } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Keys } from '../connection/index.ts'
import type { Signer } from '../installation/index.ts'
import type { Publisher } from '../pubsub/index.ts'
import { createOptionalCommand } from './optional-command.ts'

/** A larger event is read from MySQL each time, so that it doesn't fill a Redis that must not evict. */
const MAX_CACHED_BYTES = 256 * 1024

const CachedFacts = Compile(
  Type.Object({ version: Type.String(), event: Event, summary: Type.Union([EventSummary, Type.Null()]) }),
)

/**
 * Caches the facts of events for prompts, each event under its own key, for `ttlSeconds`. Every member of the room may
 * read the facts, and they contain nothing of a session.
 */
export function createEventFactsCache(
  { publisher, keys, signer }: { publisher: Publisher; keys: Keys; signer: Signer },
  ttlSeconds: number,
): EventFactsCache & { drop(event_id: string): void } {
  const runOptional = createOptionalCommand(publisher)
  return {
    async find(event_id) {
      const key = keys.eventFacts(event_id)
      const text = await runOptional((client) => client.get(key))
      const verified = text ? signer.verify(key, text) : undefined
      const facts = verified?.trust === 'signed' ? parseFacts(verified.json) : undefined
      return facts?.event.event_id === event_id ? facts : undefined
    },
    put(facts) {
      const key = keys.eventFacts(facts.event.event_id)
      const text = signer.sign(key, JSON.stringify(facts))
      if (Buffer.byteLength(text) > MAX_CACHED_BYTES) return
      void publisher.attempt((client) => client.set(key, text, 'EX', ttlSeconds))
    },
    drop: (event_id) => void publisher.attempt((client) => client.unlink(keys.eventFacts(event_id))),
  }
}

/** Returns undefined for facts with other fields, which a node of another version may have signed. */
function parseFacts(text: string): EventFacts | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return CachedFacts.Check(value) ? value : undefined
  } catch {
    return undefined
  }
}
