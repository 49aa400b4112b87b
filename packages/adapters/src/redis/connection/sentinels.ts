import { Redis, type RedisOptions } from 'ioredis'
import { openSubscription, SUBSCRIPTION_OPTIONS, type Subscription } from './subscription.ts'

/** Sentinels announce a failover on this channel: `<name> <old host> <old port> <new host> <new port>`. */
const SWITCH_CHANNEL = '+switch-master'

type SentinelNode = { host: string; port: number }

export interface Sentinels {
  /** Creates a client and watches it until it ends. After a failover it and its duplicates move to the new primary. */
  open(createClient: () => Redis): Redis
}

/**
 * A primary that hangs, or whose machine is gone, closes no connection, so its successor is known only from the
 * Sentinels. One subscription at each Sentinel serves all connections of the process, until the last of them ends.
 */
export function openSentinels(nodes: SentinelNode[], master: string, options: RedisOptions): Sentinels {
  const clients = new Set<Redis>()
  let subscriptions: Subscription[] = []
  let primary: string | undefined
  let lastFailure: Error | undefined

  /** Reconnects all clients to the new primary, unless another Sentinel has already announced the same address. */
  const switchTo = (address: string) => {
    if (address === primary) return
    primary = address
    for (const client of clients) if (isConnected(client)) client.disconnect(true)
  }
  const setLastFailure = (error: Error | undefined) => {
    lastFailure = error
  }
  const release = (client: Redis) => {
    if (!clients.delete(client) || clients.size > 0) return
    for (const subscription of subscriptions) subscription.close()
  }
  const open = (createClient: () => Redis): Redis => {
    // The subscriptions start first, so that the cause of a failure is known when the client reports it.
    if (clients.size === 0) {
      subscriptions = nodes.map((node) => watchSentinel({ ...options, ...node }, master, switchTo, setLastFailure))
    }
    const client = createClient()
    clients.add(client)
    // ioredis reports that no Sentinel answers, but not why: an untrusted certificate would stay unexplained.
    client.on('error', (error: Error) => {
      error.cause ??= lastFailure
    })
    client.once('end', () => release(client))
    const disconnect = client.disconnect.bind(client)
    client.disconnect = (shouldReconnect) => {
      if (!shouldReconnect) release(client) // A client that is waiting to reconnect emits no `end`.
      disconnect(shouldReconnect)
    }
    const duplicate = client.duplicate.bind(client)
    client.duplicate = (override) => open(() => duplicate(override))
    return client
  }
  return { open }
}

/** Calls `switchTo` for each new primary, and `setLastFailure` with an error, or undefined once it is over. */
function watchSentinel(
  options: RedisOptions,
  master: string,
  switchTo: (address: string) => void,
  setLastFailure: (error: Error | undefined) => void,
): Subscription {
  const client = new Redis({ ...SUBSCRIPTION_OPTIONS, ...options, enableReadyCheck: false })
  let lastAddress: string | undefined
  client.on('error', setLastFailure)
  client.on('message', (_channel, text) => {
    const [name, , , host, port] = text.split(' ')
    if (name !== master) return
    lastAddress = `${host}:${port}`
    switchTo(lastAddress)
  })
  client.on('ready', async () => {
    setLastFailure(undefined)
    const answer = await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master).catch(() => undefined)
    if (!Array.isArray(answer)) return
    const address = answer.join(':')
    const hasSwitched = lastAddress !== undefined && lastAddress !== address // The primary changed during an outage.
    lastAddress = address
    if (hasSwitched) switchTo(address)
  })
  const subscription = openSubscription(client, {
    subscribe: (client, channels) => client.subscribe(...channels),
    unsubscribe: (client, channel) => client.unsubscribe(channel),
    onRestored: () => undefined,
  })
  void subscription.subscribe(SWITCH_CHANNEL)
  return subscription
}

/**
 * Returns true if the client is connected to a server, even to one that hangs. A client that is asking the Sentinels is
 * not disconnected, because ioredis would close it for good.
 */
const isConnected = ({ status }: Redis): boolean => status === 'connect' || status === 'ready'
