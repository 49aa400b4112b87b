import type { Log } from '@engineer-chat/chat/shared'
import type { OutageReporter } from '@engineer-chat/process/outage'
import { type Cluster, Command, type Redis } from 'ioredis'
import {
  createOutageLog,
  openSubscription,
  type RedisConnector,
  SUBSCRIPTION_OPTIONS,
  type Subscription,
} from '../connection/index.ts'
import type { Subscriber } from './subscriber-interface.ts'

/** The nodes of a cluster need this time to agree on the owner of a slot that has moved. */
const MOVED_PAUSE_MS = 50

interface Channel {
  slot: number
  /** Holds `host:port` of the node that has the subscription. */
  node: string | undefined
  listener(text: string): void
}

/**
 * Implements sharded pub/sub. A channel belongs to the node that owns its slot. This process has one subscription at
 * each node that owns one of its channels. When a failover or a migration moves slots, their channels move with them.
 */
export const openShards = (connector: RedisConnector, slotMap: Cluster, log: Log): Subscriber =>
  new ShardedSubscriber(connector, slotMap, log)

class ShardedSubscriber implements Subscriber {
  readonly #connector: RedisConnector
  readonly #slotMap: Cluster
  readonly #outage: OutageReporter
  readonly #channels = new Map<string, Channel>()
  readonly #subscriptions = new Map<string, Subscription>()
  readonly #gapListeners: Array<() => void> = []
  readonly #onRefresh = () => void this.#moveChannels()
  #refreshTimer: NodeJS.Timeout | undefined

  constructor(connector: RedisConnector, slotMap: Cluster, log: Log) {
    this.#connector = connector
    this.#slotMap = slotMap
    this.#outage = createOutageLog(log, 'subscribe')
    slotMap.on('refresh', this.#onRefresh)
  }

  subscribe(name: string, listener: (text: string) => void): Promise<void> {
    const channel = { slot: computeSlot(name), node: undefined, listener }
    this.#channels.set(name, channel)
    return this.#subscribeAtOwner(name, channel)
  }

  unsubscribe(name: string): void {
    const node = this.#channels.get(name)?.node
    this.#channels.delete(name)
    if (node !== undefined) this.#subscriptions.get(node)?.unsubscribe(name)
  }

  onGap(listener: () => void): void {
    this.#gapListeners.push(listener)
  }

  status(): 'ready' | 'down' {
    return this.#isHealthy() ? 'ready' : 'down'
  }

  close(): void {
    this.#slotMap.off('refresh', this.#onRefresh)
    clearTimeout(this.#refreshTimer)
    this.#outage.stop()
    for (const subscription of this.#subscriptions.values()) subscription.close()
  }

  #isHealthy(): boolean {
    return (
      this.#slotMap.slots.length > 0 &&
      [...this.#subscriptions.values()].every((subscription) => subscription.isHealthy())
    )
  }

  #findOwner({ slot }: Channel): string | undefined {
    return this.#slotMap.slots[slot]?.[0]
  }

  #endGap(): void {
    if (this.#isHealthy()) this.#outage.markRestored()
    for (const listener of this.#gapListeners) listener()
  }

  #getSubscription(node: string): Subscription {
    const existing = this.#subscriptions.get(node)
    if (existing) return existing
    const colon = node.lastIndexOf(':')
    const address = { host: node.slice(0, colon), port: Number(node.slice(colon + 1)) }
    const client = this.#connector.openNode(address, SUBSCRIPTION_OPTIONS)
    client.on('smessage', (name: string, text: string) => this.#channels.get(name)?.listener(text))
    client.on('error', (cause: unknown) => this.#subscriptions.has(node) && this.#outage.markLost(cause))
    client.on('close', () => this.#subscriptions.has(node) && this.#outage.markLost())
    const subscription = openSubscription(client, {
      subscribe: subscribeEach,
      unsubscribe: unsubscribeOne,
      onRestored: () => this.#endGap(),
      onMoved: () => this.#scheduleRefresh(),
    })
    this.#subscriptions.set(node, subscription)
    return subscription
  }

  async #subscribeAtOwner(name: string, channel: Channel): Promise<void> {
    channel.node = this.#findOwner(channel)
    if (channel.node !== undefined) await this.#getSubscription(channel.node).subscribe(name)
  }

  #closeUnused(): void {
    const nodes = new Set(Array.from(this.#channels.values(), ({ node }) => node))
    for (const [node, subscription] of this.#subscriptions) {
      if (nodes.has(node)) continue
      this.#subscriptions.delete(node)
      subscription.close()
    }
  }

  /** Refreshes the slot map after a pause: shortly after a move, some nodes still name the old owner of a slot. */
  #scheduleRefresh(): void {
    this.#refreshTimer ??= setTimeout(() => {
      this.#refreshTimer = undefined
      this.#slotMap.refreshSlotsCache()
    }, MOVED_PAUSE_MS)
  }

  /** Moves the channels whose slots have new owners. Runs after each refresh of the slot map. */
  async #moveChannels(): Promise<void> {
    const moved = [...this.#channels].filter(([, channel]) => this.#findOwner(channel) !== channel.node)
    const moving = moved.map(([name, channel]) => {
      if (channel.node !== undefined) this.#subscriptions.get(channel.node)?.unsubscribe(name)
      return this.#subscribeAtOwner(name, channel)
    })
    this.#closeUnused()
    await Promise.all([
      ...moving,
      ...Array.from(this.#subscriptions.values(), (subscription) => subscription.retryRefused()),
    ])
    // Messages of a moved channel may have been lost while no node had its subscription.
    if (moved.length > 0) this.#endGap()
    else if (this.#isHealthy()) this.#outage.markRestored()
  }
}

/**
 * Sends a command for each channel, because the channels of one command must share a slot. If one command fails, the
 * other channels are subscribed all the same. If several fail, any other error is thrown rather than MOVED.
 */
async function subscribeEach(client: Redis, channels: string[]): Promise<void> {
  const results = await Promise.allSettled(channels.map((channel) => client.ssubscribe(channel)))
  const refused = results.filter((result) => result.status === 'rejected')
  const mostSerious = refused.find(({ reason }) => !String(reason.message).startsWith('MOVED')) ?? refused[0]
  if (mostSerious) throw mostSerious.reason
}

const unsubscribeOne = (client: Redis, channel: string) => client.sunsubscribe(channel)

const computeSlot = (channel: string): number => new Command('ssubscribe', [channel]).getSlot() ?? 0
