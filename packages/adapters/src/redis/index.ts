import type { CancelFeed, LiveReplies, Log, RoomBus, RoomFeed, SharedCounts } from '@engineer-chat/chat'
import { sharedCounts } from './counts.ts'
import { encodeChange } from './envelope.ts'
import { type Keys, keysOf } from './keys.ts'
import { liveReplies } from './live-replies.ts'
import { openPublisher, type Publisher } from './publisher.ts'
import { cancelFeed, roomFeed } from './room-feed.ts'
import { openSubscriber, type Subscriber } from './subscriber.ts'

export { type RedisFacts, redisFacts } from './facts.ts'

export interface RedisHintsOptions {
  url: string
  /** Begins every channel and key. */
  namespace: string
  nodeId: string
  log: Log
}

export interface RedisHints {
  bus: RoomBus
  live: LiveReplies
  feed: RoomFeed
  cancels: CancelFeed
  counts: SharedCounts
  status(): 'ready' | 'down'
  close(): Promise<void>
}

/** Hints by Redis. Nothing here waits for Redis or fails without it; what is lost is found again in MySQL. */
export function redisHints({ url, namespace, nodeId, log }: RedisHintsOptions): RedisHints {
  const keys = keysOf(namespace)
  const publisher = openPublisher(url, log)
  const live = liveReplies(publisher, keys)
  let listening: Subscriber | undefined
  const subscriber = () => {
    listening ??= openSubscriber(url, log) // a process that only speaks needs no ear
    return listening
  }
  return {
    bus: roomBus(publisher, keys),
    live,
    feed: roomFeed({ publisher, subscriber, keys, nodeId, log }),
    cancels: cancelFeed({ subscriber, keys }),
    counts: sharedCounts(publisher, keys),
    status: () => (publisher.client.status === 'ready' && listening?.status() !== 'down' ? 'ready' : 'down'),
    async close() {
      live.close()
      listening?.close()
      await publisher.close()
    },
  }
}

function roomBus(publisher: Publisher, keys: Keys): RoomBus {
  const publish = (channel: string, text: string) => void publisher.attempt((client) => client.publish(channel, text))
  return {
    publish: (change) => publish(keys.room(change.event_id), encodeChange(change)),
    rightsChanged: () => publish(keys.rights, ''),
    cancel: (message_id) => publish(keys.cancel, message_id),
  }
}
