import type { Log } from '@engineer-chat/chat/shared'
import { type Cluster, Command, type Redis } from 'ioredis'
import {
  createOutageLog,
  openSubscription,
  type RedisServers,
  SUBSCRIPTION_OPTIONS,
  type Subscription,
} from '../connection/index.ts'
import type { Subscriber } from './subscriber-interface.ts'

/** Nodes need a moment to agree on who owns a slot. */
const MOVED_PAUSE_MS = 50

interface Channel {
  slot: number
  /** Is `host:port` of the node that holds the subscription. */
  home: string | undefined
  listener(text: string): void
}

/**
 * Implements sharded pub/sub. A channel lives on the node that owns its slot, and each such node has one subscription. When
 * a failover or a migration moves slots, their channels move with them.
 */
export function openShards(servers: RedisServers, map: Cluster, log: Log): Subscriber {
  const channels = new Map<string, Channel>()
  const ears = new Map<string, Subscription>()
  const backListeners: Array<() => void> = []
  const outage = createOutageLog(log, 'subscribe')
  const ownerOf = ({ slot }: Channel): string | undefined => map.slots[slot]?.[0]
  const isWell = () => map.slots.length > 0 && [...ears.values()].every((ear) => ear.isHealthy())

  const back = () => {
    if (isWell()) outage.back()
    for (const listener of backListeners) listener()
  }
  const earAt = (node: string): Subscription => {
    const there = ears.get(node)
    if (there) return there
    const at = node.lastIndexOf(':')
    const client = servers.openNode({ host: node.slice(0, at), port: Number(node.slice(at + 1)) }, SUBSCRIPTION_OPTIONS)
    client.on('smessage', (name: string, text: string) => channels.get(name)?.listener(text))
    client.on('error', (cause: unknown) => ears.has(node) && outage.lost(cause))
    client.on('close', () => ears.has(node) && outage.lost())
    const ear = openSubscription(client, { subscribe, unsubscribe, back, moved: onMoved })
    ears.set(node, ear)
    return ear
  }
  /** Subscribes at the node that owns the channel now. */
  const settle = async (name: string, channel: Channel): Promise<void> => {
    channel.home = ownerOf(channel)
    if (channel.home !== undefined) await earAt(channel.home).subscribe(name)
  }
  const dismissIdle = () => {
    const homes = new Set(Array.from(channels.values(), ({ home }) => home))
    for (const [node, ear] of ears) {
      if (homes.has(node)) continue
      ears.delete(node)
      ear.close()
    }
  }
  let asking: NodeJS.Timeout | undefined
  /** Handles a node's answer that another node owns a channel: the slot map is old, or about to be. */
  const onMoved = () => {
    asking ??= setTimeout(() => {
      asking = undefined
      map.refreshSlotsCache()
    }, MOVED_PAUSE_MS)
  }
  /** Handles a new slot map. */
  const follow = async () => {
    const moved = [...channels].filter(([, channel]) => ownerOf(channel) !== channel.home)
    const settling = moved.map(([name, channel]) => {
      if (channel.home !== undefined) ears.get(channel.home)?.unsubscribe(name)
      return settle(name, channel)
    })
    dismissIdle()
    await Promise.all([...settling, ...Array.from(ears.values(), (ear) => ear.retry())])
    if (moved.length > 0) back()
    else if (isWell()) outage.back()
  }
  const onRefresh = () => void follow()
  map.on('refresh', onRefresh)

  return {
    subscribe(name, listener) {
      const channel = { slot: computeSlot(name), home: undefined, listener }
      channels.set(name, channel)
      return settle(name, channel)
    },
    unsubscribe(name) {
      const home = channels.get(name)?.home
      channels.delete(name)
      if (home !== undefined) ears.get(home)?.unsubscribe(name)
    },
    onBack: (listener) => void backListeners.push(listener),
    status: () => (isWell() ? 'ready' : 'down'),
    close() {
      map.off('refresh', onRefresh)
      clearTimeout(asking)
      outage.stop()
      for (const ear of ears.values()) ear.close()
    },
  }
}

/** Channels of one command have to share a slot, and each has its own. All are subscribed, even if one fails. */
async function subscribe(client: Redis, channels: string[]): Promise<void> {
  const asked = await Promise.allSettled(channels.map((channel) => client.ssubscribe(channel)))
  const refused = asked.filter((one) => one.status === 'rejected')
  const worst = refused.find(({ reason }) => !String(reason.message).startsWith('MOVED')) ?? refused[0]
  if (worst) throw worst.reason
}

const unsubscribe = (client: Redis, channel: string) => client.sunsubscribe(channel)

const computeSlot = (channel: string): number => new Command('ssubscribe', [channel]).getSlot() ?? 0
