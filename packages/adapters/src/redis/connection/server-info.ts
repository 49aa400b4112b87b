import { Cluster, type Redis } from 'ioredis'
import type { RedisServers } from './servers.ts'

/** What one server that takes writes says of itself. */
export interface RedisFacts {
  version: string
  /** Undefined where the server doesn't say. */
  policy: string | undefined
  /** The server's clock, in milliseconds since 1970. */
  clock_ms: number
  /** Replicas that are connected to it. */
  replicas: number
}

const PATIENCE_MS = 3_000

/** The server, the primary, or each primary of a cluster. @throws when it can't be reached in a few seconds, or refuses the password */
export async function redisFacts(servers: RedisServers): Promise<RedisFacts[]> {
  const client = servers.open({
    lazyConnect: true,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    retryStrategy: () => null,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const primaries = client instanceof Cluster ? client.nodes('master') : [client]
    return await Promise.all(primaries.map(factsOf))
  } finally {
    client.disconnect()
  }
}

async function factsOf(server: Redis): Promise<RedisFacts> {
  const info = await server.info()
  const [seconds, micros] = await server.time()
  return {
    version: said(info, 'valkey_version') ?? said(info, 'redis_version') ?? '0',
    policy: said(info, 'maxmemory_policy'),
    clock_ms: Number(seconds) * 1_000 + Math.round(Number(micros) / 1_000),
    replicas: Number(said(info, 'connected_slaves') ?? 0),
  }
}

const said = (info: string, name: string): string | undefined => new RegExp(`^${name}:(.+?)\\r?$`, 'm').exec(info)?.[1]
