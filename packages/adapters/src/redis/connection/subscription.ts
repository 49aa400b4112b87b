import { withTimeout } from '@engineer-chat/process/with-timeout'
import type { Redis } from 'ioredis'
import type { ConnectionOptions } from './connection-options.ts'

const COMMAND_TIMEOUT_MS = 2_000
/** A connection that died without a word is found by its silence. */
const PING_INTERVAL_MS = 1_000
/** Whoever opens a room waits no longer than this for its channel; what it missed is found as after an outage. */
const SUBSCRIBE_TIMEOUT_MS = 250

export const SUBSCRIPTION_OPTIONS: ConnectionOptions = {
  enableOfflineQueue: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
  maxRetriesPerRequest: null,
  autoResubscribe: false, // done below, together with the channels that were asked for during the outage
  autoResendUnfulfilledCommands: false,
}

/** One connection that listens. It comes back by itself, and then hears what it is to hear. */
export interface Subscription {
  /** Resolves once the channel is heard, or soon while that can't be, or takes long: then `back` follows. */
  subscribe(channel: string): Promise<void>
  unsubscribe(channel: string): void
  /** Whether every channel is heard, as far as is known. */
  isHealthy(): boolean
  /** Asks again for what it was refused. */
  retry(): Promise<void>
  close(): void
}

export interface SubscriptionOptions {
  /** How this server is asked for channels, and to be spared them. */
  subscribe(client: Redis, channels: string[]): Promise<unknown>
  unsubscribe(client: Redis, channel: string): Promise<unknown>
  /** Every channel is heard again, and messages may have been lost. */
  back(): void
  /** A channel is another node's, or has just become so. */
  moved?(): void
}

export function openSubscription(
  client: Redis,
  { subscribe, unsubscribe, back, moved }: SubscriptionOptions,
): Subscription {
  const channels = new Set<string>()
  let missed = false
  let refused = false
  /** Channels that were asked for and aren't heard yet, though nobody waits for them any more. */
  let late = 0
  /** Not while it comes back by itself: ioredis takes a second word on the way through Sentinels for the last. */
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
