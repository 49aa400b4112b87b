import { Redis } from 'ioredis'

export interface RedisFacts {
  version: string
  /** Undefined where the server doesn't say. */
  policy: string | undefined
  /** The server's clock, in milliseconds since 1970. */
  clock_ms: number
}

const PATIENCE_MS = 3_000

/** @throws when it can't be reached in a few seconds, or refuses the password */
export async function redisFacts(url: string): Promise<RedisFacts> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    retryStrategy: () => null,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const info = await client.info()
    const [seconds, micros] = await client.time()
    return {
      version: said(info, 'valkey_version') ?? said(info, 'redis_version') ?? '0',
      policy: said(info, 'maxmemory_policy'),
      clock_ms: Number(seconds) * 1_000 + Math.round(Number(micros) / 1_000),
    }
  } finally {
    client.disconnect()
  }
}

const said = (info: string, name: string): string | undefined => new RegExp(`^${name}:(.+?)\\r?$`, 'm').exec(info)?.[1]
