import type { Log } from '@engineer-chat/chat/shared'
import { Cluster } from 'ioredis'
import {
  createOutageLog,
  openSubscription,
  type RedisClient,
  type RedisConnector,
  SUBSCRIPTION_OPTIONS,
  watchConnection,
} from '../connection/index.ts'
import { openShards } from './shards.ts'
import type { Subscriber } from './subscriber-interface.ts'

/** Opens the subscriber. In a cluster, `slotMap` is a client of that cluster, which knows the node of each channel. */
export function openSubscriber(connector: RedisConnector, slotMap: RedisClient, log: Log): Subscriber {
  if (slotMap instanceof Cluster) return openShards(connector, slotMap, log)
  const client = connector.open(SUBSCRIPTION_OPTIONS)
  if (client instanceof Cluster) throw new Error('A subscriber of a cluster needs its slot map.')
  const outage = createOutageLog(log, 'subscribe')
  watchConnection(outage, client)
  const listeners = new Map<string, (text: string) => void>()
  const gapListeners: Array<() => void> = []
  client.on('message', (channel, text) => listeners.get(channel)?.(text))
  const subscription = openSubscription(client, {
    subscribe: (client, channels) => client.subscribe(...channels),
    unsubscribe: (client, channel) => client.unsubscribe(channel),
    onRestored: () => {
      for (const listener of gapListeners) listener()
    },
  })
  return {
    subscribe(channel, listener) {
      listeners.set(channel, listener)
      return subscription.subscribe(channel)
    },
    unsubscribe(channel) {
      listeners.delete(channel)
      subscription.unsubscribe(channel)
    },
    onGap: (listener) => void gapListeners.push(listener),
    status: () => (client.status === 'ready' ? 'ready' : 'down'),
    close() {
      outage.stop()
      subscription.close()
    },
  }
}
