import type { Log } from '@engineer-chat/chat/shared'
import { Cluster } from 'ioredis'
import { EAR_OPTIONS, openEar, outages, type RedisClient, type RedisServers, watchFor } from '../connection/index.ts'
import { openShards } from './shards.ts'
import type { Subscriber } from './subscriber-interface.ts'

/** `map` knows where a cluster's channels live. */
export function openSubscriber(servers: RedisServers, map: RedisClient, log: Log): Subscriber {
  if (map instanceof Cluster) return openShards(servers, map, log)
  const client = servers.open(EAR_OPTIONS)
  if (client instanceof Cluster) throw new Error('A cluster whose map is none.')
  const outage = outages(log, 'subscribe')
  watchFor(outage, client)
  const listeners = new Map<string, (text: string) => void>()
  const backListeners: Array<() => void> = []
  client.on('message', (channel, text) => listeners.get(channel)?.(text))
  const ear = openEar(client, {
    subscribe: (to, channels) => to.subscribe(...channels),
    unsubscribe: (to, channel) => to.unsubscribe(channel),
    back: () => {
      for (const listener of backListeners) listener()
    },
  })
  return {
    listen(channel, listener) {
      listeners.set(channel, listener)
      return ear.listen(channel)
    },
    leave(channel) {
      listeners.delete(channel)
      ear.leave(channel)
    },
    onBack: (listener) => void backListeners.push(listener),
    status: () => (client.status === 'ready' ? 'ready' : 'down'),
    close() {
      outage.stop()
      ear.close()
    },
  }
}
