import type { EventFactsCache } from '@engineer-chat/chat/events'
import type { SharedRateCounters } from '@engineer-chat/chat/operations'
import type { CancelFeed, Installation, Log, ReplyStreams, RoomBus, RoomFeed } from '@engineer-chat/chat/shared'
import { createEventFactsCache, createSharedRateCounters } from './cache/index.ts'
import { createKeys, type Keys, type RedisConnector } from './connection/index.ts'
import { createSigner, type RedisOwnership } from './installation/index.ts'
import { encodeChange, openPublisher, openSubscriber, type Publisher, type Subscriber } from './pubsub/index.ts'
import { createCancelFeed, createRoomFeed } from './room-feed.ts'
import { createReplyStreams } from './streaming/index.ts'

export {
  createRedisConnector,
  type RedisAddress,
  type RedisConnector,
  type RedisServerInfo,
  readInstallationId,
  readRedisInfo,
} from './connection/index.ts'
export { createSigner, RedisOfAnotherInstallationError } from './installation/index.ts'

export interface RedisAdaptersOptions {
  connector: RedisConnector
  /** Every channel and key begins with this prefix. */
  namespace: string
  installation: Installation
  nodeId: string
  log: Log
  /** The facts of events are cached in Redis for this time. With 0 or undefined, they are not cached. */
  factsTtlSeconds?: number
}

export interface RedisAdapters {
  bus: RoomBus
  /** Sends the texts of replies while they are written. */
  replyStreams: ReplyStreams
  feed: RoomFeed
  cancels: CancelFeed
  rateCounters: SharedRateCounters
  /** Undefined if `factsTtlSeconds` is 0. */
  eventFactsCache: EventFactsCache | undefined
  /** Says whether Redis belongs to this installation. */
  ownership: RedisOwnership
  status(): 'ready' | 'down'
  close(): Promise<void>
}

/**
 * Opens everything for which a process uses Redis, except the queue: hints, texts of replies, counters and cached facts.
 * No function waits for Redis or fails without it. If a hint is lost, the node that missed it reads the change from
 * MySQL.
 */
export function openRedisAdapters({
  connector,
  namespace,
  installation,
  nodeId,
  log,
  factsTtlSeconds = 0,
}: RedisAdaptersOptions): RedisAdapters {
  const keys = createKeys(namespace)
  const signer = createSigner(installation.hint_key, log)
  const publisher = openPublisher({ connector, keys, installation, signer, log })
  const { client, ownership } = publisher
  const replyStreams = createReplyStreams({ publisher, keys, signer })
  const facts = factsTtlSeconds > 0 ? createEventFactsCache({ publisher, keys, signer }, factsTtlSeconds) : undefined
  let subscriber: Subscriber | undefined
  const getSubscriber = () => {
    subscriber ??= openSubscriber(connector, client, log) // A process that only publishes needs no subscriber.
    return subscriber
  }
  return {
    bus: createRoomBus(publisher, keys, (event_id) => facts?.drop(event_id)),
    replyStreams,
    feed: createRoomFeed({ publisher, getSubscriber, keys, signer, nodeId, log }),
    cancels: createCancelFeed({ getSubscriber, keys }),
    rateCounters: createSharedRateCounters(publisher, keys),
    eventFactsCache: facts,
    ownership,
    status: () =>
      client.status === 'ready' && ownership.isOurs() && subscriber?.status() !== 'down' ? 'ready' : 'down',
    async close() {
      replyStreams.close()
      subscriber?.close()
      await publisher.close()
    },
  }
}

function createRoomBus(publisher: Publisher, keys: Keys, dropFacts: (event_id: string) => void): RoomBus {
  return {
    publish(change) {
      if (change.event) dropFacts(change.event_id)
      publisher.publishSigned(keys.roomChannel(change.event_id), encodeChange(change))
    },
    publishRightsChange: () => publisher.publish(keys.rightsChannel, ''),
    publishCancel: (message_id) => publisher.publish(keys.cancelChannel, message_id),
  }
}
