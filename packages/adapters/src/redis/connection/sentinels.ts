import { Redis, type RedisOptions } from 'ioredis'
import { openSubscription, SUBSCRIPTION_OPTIONS, type Subscription } from './subscription.ts'

const SWITCHED = '+switch-master'

export interface Sentinels {
  /** Registers the connection until it ends. After a failover it and its duplicates move to the new primary. */
  open(connection: () => Redis): Redis
}

/**
 * A primary that hangs, or whose machine is gone, closes no connection: the Sentinels announce its successor. One
 * subscription at each Sentinel serves all connections of the process, for as long as one of them exists.
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

  /** Each Sentinel announces the same address. */
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
      hear(address, said !== undefined && said !== address) // It may have announced another one during an outage.
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
    // The subscriptions start first, so that they know the cause of a failure first.
    if (clients.size === 0) ears = nodes.map(earAt)
    const client = connection()
    clients.add(client)
    // ioredis reports that no Sentinel answers, but not why: an untrusted certificate would stay unexplained.
    client.on('error', (error: Error) => {
      error.cause ??= reason
    })
    client.once('end', () => release(client))
    const disconnect = client.disconnect.bind(client)
    client.disconnect = (again) => {
      if (!again) release(client) // A connection between two tries emits no `end`.
      disconnect(again)
    }
    const duplicate = client.duplicate.bind(client)
    client.duplicate = (override) => open(() => duplicate(override))
    return client
  }
  return { open }
}

/**
 * Tells whether the client is connected to a server, which may hang. While the client is asking the Sentinels it is left
 * alone, because ioredis would close it for good.
 */
const isConnected = ({ status }: Redis): boolean => status === 'connect' || status === 'ready'
