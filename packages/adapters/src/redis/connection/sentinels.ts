import { Redis, type RedisOptions } from 'ioredis'
import { openSubscription, SUBSCRIPTION_OPTIONS, type Subscription } from './subscription.ts'

const SWITCHED = '+switch-master'

export interface Sentinels {
  /** Until its end, what is opened leaves the primary for the one that has taken over, and so do its duplicates. */
  open(connection: () => Redis): Redis
}

/**
 * A primary that hangs, or whose machine is gone, closes no connection: the Sentinels say who has taken over. One ear at each of
 * them serves all connections of the process, and is there as long as any of these is.
 */
export function openSentinels(
  nodes: Array<{ host: string; port: number }>,
  master: string,
  options: RedisOptions,
): Sentinels {
  const clients = new Set<Redis>()
  let ears: Subscription[] = []
  let primary: string | undefined
  let reason: Error | undefined

  /** Each Sentinel tells it. */
  const switchTo = (address: string) => {
    if (address === primary) return
    primary = address
    for (const client of clients) if (isConnected(client)) client.disconnect(true)
  }
  const earAt = (node: { host: string; port: number }): Subscription => {
    const client = new Redis({ ...SUBSCRIPTION_OPTIONS, ...options, enableReadyCheck: false, ...node })
    let said: string | undefined
    const hear = (address: string, isNews: boolean) => {
      said = address
      if (isNews) switchTo(address)
    }
    client.on('error', (error: Error) => {
      reason = error
    })
    client.on('message', (_channel, text) => {
      const [name, , , host, port] = text.split(' ')
      if (name === master) hear(`${host}:${port}`, true)
    })
    client.on('ready', async () => {
      reason = undefined
      const answer = await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master).catch(() => undefined)
      if (!Array.isArray(answer)) return
      const address = answer.join(':')
      hear(address, said !== undefined && said !== address) // what it said while nobody heard it
    })
    const ear = openSubscription(client, {
      subscribe: (to, channels) => to.subscribe(...channels),
      unsubscribe: (to, channel) => to.unsubscribe(channel),
      back: () => undefined,
    })
    void ear.subscribe(SWITCHED)
    return ear
  }
  const release = (client: Redis) => {
    if (!clients.delete(client) || clients.size > 0) return
    for (const ear of ears) ear.close()
  }
  const open = (connection: () => Redis): Redis => {
    if (clients.size === 0) ears = nodes.map(earAt) // before it, so that they know first what is wrong
    const client = connection()
    clients.add(client)
    // ioredis says that no Sentinel answers, and not why: a certificate that nobody trusts would be a riddle.
    client.on('error', (error: Error) => {
      error.cause ??= reason
    })
    client.once('end', () => release(client))
    const disconnect = client.disconnect.bind(client)
    client.disconnect = (again) => {
      if (!again) release(client) // one that is between two tries has no `end`
      disconnect(again)
    }
    const duplicate = client.duplicate.bind(client)
    client.duplicate = (override) => open(() => duplicate(override))
    return client
  }
  return { open }
}

/** To a server, which may hang. On its way through the Sentinels a connection is left alone: ioredis would give it up for good. */
const isConnected = ({ status }: Redis): boolean => status === 'connect' || status === 'ready'
