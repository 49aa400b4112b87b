import { withTimeout } from '@engineer-chat/process/with-timeout'
import type { Redis } from 'ioredis'
import type { ConnectionOptions } from './connection-options.ts'

const COMMAND_TIMEOUT_MS = 2_000
/** A ping is sent at this interval. One without an answer shows a connection that was lost without a notice. */
const PING_INTERVAL_MS = 1_000
/**
 * A caller that opens a room waits at most this long for its channel. The room's missed changes are then read
 * from MySQL, as after an outage.
 */
const SUBSCRIBE_TIMEOUT_MS = 250

export const SUBSCRIPTION_OPTIONS: ConnectionOptions = {
  enableOfflineQueue: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
  maxRetriesPerRequest: null,
  autoResubscribe: false, // The code below resubscribes, together with the channels that were added during the outage.
  autoResendUnfulfilledCommands: false,
}

/** Subscribes over one connection. It reconnects by itself, and then subscribes to all of its channels again. */
export interface Subscription {
  /**
   * Resolves once the channel is subscribed. It also resolves soon if the subscription fails or takes long, and then
   * `onRestored` is called later.
   */
  subscribe(channel: string): Promise<void>
  unsubscribe(channel: string): void
  /** Returns false from the loss of the connection, or of a channel, until every channel is subscribed again. */
  isHealthy(): boolean
  /** Subscribes again to channels that the server refused, because another server of the Redis Cluster owned them. */
  retryRefused(): Promise<void>
  close(): void
}

export interface SubscriptionOptions {
  /** Subscribes the client to the channels. */
  subscribe(client: Redis, channels: string[]): Promise<unknown>
  unsubscribe(client: Redis, channel: string): Promise<unknown>
  /** Runs when every channel is subscribed again. Messages may have been lost. */
  onRestored(): void
  /**
   * Runs when the server answers that another server of the Redis Cluster owns a channel, or when it hands a channel
   * over to another server.
   */
  onMoved?(): void
}

export const openSubscription = (client: Redis, options: SubscriptionOptions): Subscription =>
  new ClientSubscription(client, options)

class ClientSubscription implements Subscription {
  readonly #client: Redis
  readonly #options: SubscriptionOptions
  readonly #channels = new Set<string>()
  readonly #pingTimer: NodeJS.Timeout
  #mayHaveMissed = false
  /** True after the server refused a channel because another server of the Redis Cluster owns it. */
  #isRefused = false
  /** Counts the channels that are not subscribed yet, and for which no caller waits any longer. */
  #lateCount = 0

  constructor(client: Redis, options: SubscriptionOptions) {
    this.#client = client
    this.#options = options
    client.on('close', () => {
      this.#mayHaveMissed = true
    })
    client.on('ready', () => void this.#subscribeAll())
    client.on('moved', () => this.#handleFailure(new Error(MOVED)))
    this.#pingTimer = setInterval(() => {
      if (this.#isReady()) client.ping().catch(() => this.#reconnect())
    }, PING_INTERVAL_MS).unref()
  }

  async subscribe(channel: string): Promise<void> {
    this.#channels.add(channel)
    if (!this.#isReady()) {
      this.#mayHaveMissed = true
      return
    }
    const subscribed = this.#options
      .subscribe(this.#client, [channel])
      .catch((error: unknown) => this.#handleFailure(error))
    // If another channel is already late, the server is slow, and this caller does not wait at all.
    if (this.#lateCount === 0 && (await isSettledInTime(subscribed))) return
    this.#lateCount += 1
    void subscribed.then(() => {
      this.#lateCount -= 1
      if (this.#lateCount === 0 && this.isHealthy()) this.#options.onRestored()
    })
  }

  unsubscribe(channel: string): void {
    this.#channels.delete(channel)
    if (!this.#isReady()) return
    this.#options.unsubscribe(this.#client, channel).catch((error: unknown) => {
      if (!isMoved(error)) this.#reconnect()
    })
  }

  isHealthy(): boolean {
    return this.#isReady() && !this.#mayHaveMissed
  }

  async retryRefused(): Promise<void> {
    if (this.#isRefused && this.#isReady()) await this.#subscribeAll()
  }

  close(): void {
    clearInterval(this.#pingTimer)
    this.#client.disconnect()
  }

  async #subscribeAll(): Promise<void> {
    this.#isRefused = false
    try {
      if (this.#channels.size > 0) await this.#options.subscribe(this.#client, [...this.#channels])
    } catch (error) {
      return this.#handleFailure(error)
    }
    if (this.#mayHaveMissed && !this.#isRefused) {
      this.#mayHaveMissed = false
      this.#options.onRestored()
    }
  }

  #handleFailure(error: unknown): void {
    this.#mayHaveMissed = true
    if (!isMoved(error)) {
      this.#reconnect()
      return
    }
    this.#isRefused = true
    this.#options.onMoved?.()
  }

  /**
   * A client that is reconnecting is not disconnected again: while ioredis asks the Sentinels, it treats a second
   * `disconnect` as final.
   */
  #reconnect(): void {
    if (this.#isReady()) this.#client.disconnect(true)
  }

  #isReady(): boolean {
    return this.#client.status === 'ready'
  }
}

const isSettledInTime = (work: Promise<unknown>): Promise<boolean> =>
  withTimeout(
    work.then(() => true),
    SUBSCRIBE_TIMEOUT_MS,
    () => false,
  )

const MOVED = 'MOVED'

const isMoved = (error: unknown): boolean => error instanceof Error && error.message.startsWith(MOVED)
