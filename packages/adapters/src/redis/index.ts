import type { FactsCache } from '@engineer-chat/chat/events'
import type { SharedCounts } from '@engineer-chat/chat/operations'
import type { CancelFeed, LiveReplies, Log, RoomBus, RoomFeed } from '@engineer-chat/chat/shared'
import { factsCache, sharedCounts } from './cache/index.ts'
import { type Keys, keysOf, type RedisServers } from './connection/index.ts'
import { encodeChange, openPublisher, openSubscriber, type Publisher, type Subscriber } from './pubsub/index.ts'
import { cancelFeed, roomFeed } from './room-feed.ts'
import { liveReplies } from './streaming/index.ts'

export { type RedisAddress, type RedisFacts, type RedisServers, redisFacts, redisServers } from './connection/index.ts'

export interface RedisHintsOptions {
  servers: RedisServers
  /** Begins every channel and key. */
  namespace: string
  nodeId: string
  log: Log
  /** Seconds; 0 or left out: facts of events aren't kept. */
  factsTtl?: number
}

export interface RedisHints {
  bus: RoomBus
  live: LiveReplies
  feed: RoomFeed
  cancels: CancelFeed
  counts: SharedCounts
  facts: FactsCache | undefined
  status(): 'ready' | 'down'
  close(): Promise<void>
}

/** Hints by Redis. Nothing here waits for Redis or fails without it; what is lost is found again in MySQL. */
export function redisHints({ servers, namespace, nodeId, log, factsTtl = 0 }: RedisHintsOptions): RedisHints {
  const keys = keysOf(namespace)
  const publisher = openPublisher(servers, log)
  const live = liveReplies(publisher, keys)
  const facts = factsTtl > 0 ? factsCache(publisher, keys, factsTtl) : undefined
  let listening: Subscriber | undefined
  const subscriber = () => {
    listening ??= openSubscriber(servers, publisher.client, log) // a process that only speaks needs no ear
    return listening
  }
  return {
    bus: roomBus(publisher, keys, (event_id) => facts?.drop(event_id)),
    live,
    feed: roomFeed({ publisher, subscriber, keys, nodeId, log }),
    cancels: cancelFeed({ subscriber, keys }),
    counts: sharedCounts(publisher, keys),
    facts,
    status: () => (publisher.client.status === 'ready' && listening?.status() !== 'down' ? 'ready' : 'down'),
    async close() {
      live.close()
      listening?.close()
      await publisher.close()
    },
  }
}

function roomBus(publisher: Publisher, keys: Keys, dropFacts: (event_id: string) => void): RoomBus {
  return {
    publish(change) {
      if (change.event) dropFacts(change.event_id)
      publisher.publish(keys.room(change.event_id), encodeChange(change))
    },
    rightsChanged: () => publisher.publish(keys.rights, ''),
    cancel: (message_id) => publisher.publish(keys.cancel, message_id),
  }
}
