import { withTimeout } from '@engineer-chat/process/with-timeout'
import type { Redis } from 'ioredis'
import type { ConnectionOptions } from './connection-options.ts'

const COMMAND_TIMEOUT_MS = 2_000
/** A connection that died silently is found by its missing answers. */
const PING_INTERVAL_MS = 1_000
/** A caller that opens a room waits no longer than this for its channel. Missed messages are found as after an outage. */
const SUBSCRIBE_TIMEOUT_MS = 250

export const SUBSCRIPTION_OPTIONS: ConnectionOptions = {
  enableOfflineQueue: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
  maxRetriesPerRequest: null,
  autoResubscribe: false, // The code below resubscribes, together with the channels that were added during the outage.
  autoResendUnfulfilledCommands: false,
}

/** Is one connection that subscribes. It reconnects by itself and then subscribes to all of its channels again. */
export interface Subscription {
  /** Resolves once the channel is subscribed. It resolves soon if that fails or takes long, and then `back` follows. */
  subscribe(channel: string): Promise<void>
  unsubscribe(channel: string): void
  /** Tells whether every channel is subscribed, as far as is known. */
  isHealthy(): boolean
  /** Subscribes again to channels that the server refused. */
  retry(): Promise<void>
  close(): void
}

export interface SubscriptionOptions {
  /** Subscribes this server's client to the channels. */
  subscribe(client: Redis, channels: string[]): Promise<unknown>
  unsubscribe(client: Redis, channel: string): Promise<unknown>
  /** Is called when every channel is subscribed again. Messages may have been lost. */
  back(): void
  /** Is called when another node owns a channel, or has just become its owner. */
  moved?(): void
}

export function openSubscription(
  client: Redis,
  { subscribe, unsubscribe, back, moved }: SubscriptionOptions,
): Subscription {
  const channels = new Set<string>()
  let missed = false
  let refused = false
  /** Counts channels that are not subscribed yet although no caller waits for them any more. */
  let late = 0
  /**
   * A client that is reconnecting is left alone: ioredis takes a second `disconnect` on its way through Sentinels as final.
   */
  const reconnect = () => {
    if (client.status === 'ready') client.disconnect(true)
  }
  const fail = (error: unknown) => {
    missed = true
    if (!isMoved(error)) return reconnect()
    refused = true
    moved?.()
  }
  const hearAll = async () => {
    refused = false
    try {
      if (channels.size > 0) await subscribe(client, [...channels])
    } catch (error) {
      return fail(error)
    }
    if (missed && !refused) {
      missed = false
      back()
    }
  }
  client.on('close', () => {
    missed = true
  })
  client.on('ready', () => void hearAll())
  client.on('moved', () => fail(new Error(MOVED)))
  const pinging = setInterval(() => {
    if (client.status === 'ready') client.ping().catch(reconnect)
  }, PING_INTERVAL_MS).unref()

  return {
    async subscribe(channel) {
      channels.add(channel)
      if (client.status !== 'ready') {
        missed = true
        return
      }
      const heard = subscribe(client, [channel]).catch(fail)
      if (
        late === 0 &&
        (await withTimeout(
          heard.then(() => true),
          SUBSCRIBE_TIMEOUT_MS,
          () => false,
        ))
      )
        return
      late += 1
      void heard.then(() => {
        late -= 1
        if (late === 0 && !missed && client.status === 'ready') back()
      })
    },
    unsubscribe(channel) {
      channels.delete(channel)
      if (client.status === 'ready') unsubscribe(client, channel).catch((error) => isMoved(error) || reconnect())
    },
    isHealthy: () => client.status === 'ready' && !missed,
    async retry() {
      if (refused && client.status === 'ready') await hearAll()
    },
    close() {
      clearInterval(pinging)
      client.disconnect()
    },
  }
}

const MOVED = 'MOVED'

const isMoved = (error: unknown): boolean => error instanceof Error && error.message.startsWith(MOVED)
