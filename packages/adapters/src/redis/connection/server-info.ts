import { withTimeout } from '@engineer-chat/process/with-timeout'
import { Cluster, type Redis } from 'ioredis'
import type { RedisClient, RedisConnector } from './connector.ts'
import { createKeys } from './keys.ts'

/** Holds the information that one writable server reports about itself. */
export interface RedisServerInfo {
  version: string
  /** The server's `maxmemory_policy`. Undefined means that the server does not report it. */
  policy: string | undefined
  /** Gives the time of the server's clock, in milliseconds since 1970. */
  clockMs: number
  /** Counts the replicas that are connected to the server. */
  replicas: number
}

const TIMEOUT_MS = 5_000

/**
 * Reads the information from the single server, the primary that Sentinels name, or each primary of a cluster.
 * @throws Error when a server can't be reached in a few seconds, or when it refuses the password
 */
export const readRedisInfo = (connector: RedisConnector): Promise<RedisServerInfo[]> =>
  askOverNewConnection(connector, (client) => {
    const primaries = client instanceof Cluster ? client.nodes('master') : [client]
    return Promise.all(primaries.map(readOneServer))
  })

/** Reads the id of the installation that owns this namespace, or null if no installation has used it yet. */
export const readInstallationId = (connector: RedisConnector, namespace: string): Promise<string | null> =>
  askOverNewConnection(connector, (client) => client.get(createKeys(namespace).owner))

async function askOverNewConnection<T>(
  connector: RedisConnector,
  ask: (client: RedisClient) => Promise<T>,
): Promise<T> {
  const client = connector.open({
    lazyConnect: true,
    connectTimeout: TIMEOUT_MS,
    commandTimeout: TIMEOUT_MS,
    retryStrategy: () => null,
  })
  // `connect` itself only says that the connection is closed, so a refused certificate would stay unexplained.
  let lastError: unknown
  client.on('error', (error: unknown) => {
    lastError = error
  })
  const connected = client.connect().catch((error: unknown) => {
    throw lastError ?? error
  })
  try {
    // ioredis asks the Sentinels forever when none answers or all are refused.
    await withTimeout(connected, TIMEOUT_MS, () => {
      throw lastError ?? new Error(`No connection within ${TIMEOUT_MS / 1_000} s.`)
    })
    return await ask(client)
  } finally {
    client.disconnect()
  }
}

async function readOneServer(server: Redis): Promise<RedisServerInfo> {
  const info = await server.info()
  const [seconds, micros] = await server.time()
  return {
    version: readInfoField(info, 'valkey_version') ?? readInfoField(info, 'redis_version') ?? '0',
    policy: readInfoField(info, 'maxmemory_policy'),
    clockMs: Number(seconds) * 1_000 + Math.round(Number(micros) / 1_000),
    replicas: Number(readInfoField(info, 'connected_slaves') ?? 0),
  }
}

const readInfoField = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.+?)\\r?$`, 'm').exec(info)?.[1]
