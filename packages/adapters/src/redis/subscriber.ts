import type { Log } from '@engineer-chat/chat'
import { Redis } from 'ioredis'
import { logOutages, retryDelay } from './outage.ts'

const COMMAND_TIMEOUT_MS = 2_000
/** A connection that died without a word is found by its silence. */
const PING_INTERVAL_MS = 5_000

export interface Subscriber {
  /** Resolves once the channel is heard, or at once while Redis is away: then `onBack` follows. */
  listen(channel: string, listener: (text: string) => void): Promise<void>
  leave(channel: string): void
  /** Redis is back, every channel is heard again, and messages may have been lost. */
  onBack(listener: () => void): void
  status(): 'ready' | 'down'
  close(): void
}

export function openSubscriber(url: string, log: Log): Subscriber {
  const client = new Redis(url, {
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: null,
    autoResubscribe: false, // done below, together with the channels that were asked for during the outage
    autoResendUnfulfilledCommands: false,
    retryStrategy: retryDelay,
  })
  const channels = new Map<string, (text: string) => void>()
  const backListeners: Array<() => void> = []
  let missed = false
  const reconnect = () => client.disconnect(true)

  const outages = logOutages(client, log, 'subscribe')
  client.on('message', (channel: string, text: string) => channels.get(channel)?.(text))
  client.on('close', () => {
    missed = true
  })
  client.on('ready', async () => {
    try {
      if (channels.size > 0) await client.subscribe(...channels.keys())
    } catch {
      return reconnect()
    }
    if (missed) for (const listener of backListeners) listener()
    missed = false
  })
  const pinging = setInterval(() => {
    if (client.status === 'ready') client.ping().catch(reconnect)
  }, PING_INTERVAL_MS).unref()

  return {
    async listen(channel, listener) {
      channels.set(channel, listener)
      if (client.status !== 'ready') missed = true
      else await client.subscribe(channel).catch(reconnect)
    },
    leave(channel) {
      channels.delete(channel)
      if (client.status === 'ready') client.unsubscribe(channel).catch(reconnect)
    },
    onBack: (listener) => void backListeners.push(listener),
    status: () => (client.status === 'ready' ? 'ready' : 'down'),
    close() {
      clearInterval(pinging)
      outages.stop()
      client.disconnect()
    },
  }
}
