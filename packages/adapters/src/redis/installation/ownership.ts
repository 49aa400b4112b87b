import type { Installation, Log } from '@engineer-chat/chat/shared'
import { createOutageReporter } from '@engineer-chat/process/outage'
import { withTimeout } from '@engineer-chat/process/with-timeout'
import type { RedisClient } from '../connection/index.ts'

/** If Redis is flushed and another installation then claims it, this process notices the new owner within this time. */
const CHECK_INTERVAL_MS = 2_000
/** A process that starts waits no longer than this for Redis, because it also works without Redis. */
const FIRST_CHECK_TIMEOUT_MS = 3_000

/** Two installations on one Redis would read each other's rooms and take each other's jobs. */
export class RedisOfAnotherInstallationError extends Error {
  constructor(key: string) {
    super(
      `The Redis that REDIS_URL names belongs to another installation: its key ${key} holds the id of another database. ` +
        'Give each installation a Redis of its own, or a REDIS_NAMESPACE of its own. If the other installation no longer exists, ' +
        `or this database was restored in its place, run redis-cli DEL ${key} and start again; nothing in Redis is the only copy.`,
    )
    this.name = 'RedisOfAnotherInstallationError'
  }
}

/**
 * Says whether this installation owns Redis. The id that Redis holds is compared with this installation's, on each
 * connection and at an interval, and a missing id is written again. While Redis holds another id, it is used for
 * nothing, as if it were down.
 */
export interface RedisOwnership {
  /** Returns false until Redis has answered, and again from the loss of the connection to the next answer. */
  isOurs(): boolean
  /** Runs the listener after each change of `isOurs`. */
  onChange(listener: () => void): void
  /**
   * Rejects if Redis belongs to another installation. Resolves if it is ours, or does not answer soon.
   * @throws RedisOfAnotherInstallationError
   */
  throwIfForeign(): Promise<void>
  close(): void
}

interface OwnershipOptions {
  client: RedisClient
  /** Names the key that holds the id of the installation that owns this Redis. */
  key: string
  installation: Installation
  log: Log
}

export function watchRedisOwnership({ client, key, installation, log }: OwnershipOptions): RedisOwnership {
  const { installation_id } = installation
  const listeners: Array<() => void> = []
  let owner: 'unknown' | 'own' | 'foreign' = 'unknown'

  const foreignOutage = createOutageReporter({
    onLost: () => log.error('EngineerChat.redis_foreign', {}, new RedisOfAnotherInstallationError(key)),
    onRestored: () => log.info('EngineerChat.redis_ours'),
  })
  /** A failed check changes nothing about the owner. */
  const failedCheckOutage = createOutageReporter({
    onLost: (cause) => log.error('EngineerChat.redis_owner_unknown', { reason: readReason(cause) }),
    onRestored: () => log.info('EngineerChat.redis_owner_known'),
  })
  const setOwner = (newOwner: typeof owner) => {
    if (owner === newOwner) return
    owner = newOwner
    if (newOwner === 'foreign') foreignOutage.markLost()
    if (newOwner === 'own') foreignOutage.markRestored()
    for (const listener of listeners) listener()
  }
  /**
   * Returns the owner's id. If Redis has none, writes this installation's. It reads first, because a full Redis refuses
   * to write.
   */
  const claimOrReadOwnerId = async (): Promise<string> =>
    (await client.get(key)) ?? (await client.set(key, installation_id, 'NX', 'GET')) ?? installation_id
  const check = async () => {
    if (client.status !== 'ready') return
    try {
      const ownerId = await claimOrReadOwnerId()
      failedCheckOutage.markRestored()
      setOwner(ownerId === installation_id ? 'own' : 'foreign')
    } catch (error) {
      if (client.status === 'ready') failedCheckOutage.markLost(error) // The connection logs its own loss.
    }
  }
  client.on('ready', () => void check())
  // The next connection may lead to another Redis.
  client.on('close', () => setOwner('unknown'))
  const timer = setInterval(() => void check(), CHECK_INTERVAL_MS).unref()
  return {
    isOurs: () => owner === 'own',
    onChange: (listener) => void listeners.push(listener),
    async throwIfForeign() {
      const { promise, resolve } = Promise.withResolvers<void>()
      listeners.push(resolve)
      client.once('close', () => resolve())
      if (owner === 'unknown') await withTimeout(promise, FIRST_CHECK_TIMEOUT_MS, () => undefined)
      if (owner === 'foreign') throw new RedisOfAnotherInstallationError(key)
    },
    close: () => clearInterval(timer),
  }
}

/** Returns the code that Redis' answer begins with, such as NOPERM or OOM. The rest of it may name users and keys. */
export const readReason = (error: unknown): string =>
  error instanceof Error ? (/^[A-Z]{2,}\b/.exec(error.message)?.[0] ?? error.name) : 'unknown'
