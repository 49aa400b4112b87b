import type { Installation, Log } from '@engineer-chat/chat/shared'
import { createOutageReporter } from '@engineer-chat/process/outage'
import { withTimeout } from '@engineer-chat/process/with-timeout'
import type { RedisClient } from '../connection/index.ts'

/** If Redis is flushed and another installation then claims it, that is noticed within this time. */
const CHECK_INTERVAL_MS = 2_000
/** A process that starts waits no longer than this for Redis, because it also works without Redis. */
const CONFIRM_TIMEOUT_MS = 3_000

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
 * Compares the id that Redis holds with the installation's own, on each connection and at an interval. A missing id is
 * written again. While Redis holds another id, this process treats Redis as down.
 */
export interface InstallationGuard {
  /** Returns false until Redis has answered, and again from the loss of the connection to the next answer. */
  isOurs(): boolean
  onChange(listener: () => void): void
  /**
   * Resolves once Redis has answered, or if it does not answer soon.
   * @throws RedisOfAnotherInstallationError
   */
  confirm(): Promise<void>
  close(): void
}

interface GuardOptions {
  client: RedisClient
  /** Holds the installation's id in Redis. */
  key: string
  installation: Installation
  log: Log
}

export function guardInstallation({ client, key, installation, log }: GuardOptions): InstallationGuard {
  const { installation_id } = installation
  const listeners: Array<() => void> = []
  let state: 'unknown' | 'own' | 'foreign' = 'unknown'

  const foreign = createOutageReporter({
    onLost: () => log.error('EngineerChat.redis_foreign', {}, new RedisOfAnotherInstallationError(key)),
    onRestored: () => log.info('EngineerChat.redis_ours'),
  })
  const unreadable = createOutageReporter({
    onLost: (cause) => log.error('EngineerChat.redis_owner_unknown', { reason: readReason(cause) }),
    onRestored: () => log.info('EngineerChat.redis_owner_known'),
  })
  const enter = (next: typeof state) => {
    if (state === next) return
    state = next
    if (next === 'foreign') foreign.markLost()
    if (next === 'own') foreign.markRestored()
    for (const listener of listeners) listener()
  }
  /** Reads first, because a Redis that is full refuses to write. */
  const findOwner = async (): Promise<string> =>
    (await client.get(key)) ?? (await client.set(key, installation_id, 'NX', 'GET')) ?? installation_id
  const check = async () => {
    if (client.status !== 'ready') return
    try {
      const found = await findOwner()
      unreadable.markRestored()
      enter(found === installation_id ? 'own' : 'foreign')
    } catch (error) {
      if (client.status === 'ready') unreadable.markLost(error) // The connection logs its own loss.
    }
  }
  client.on('ready', () => void check())
  // Another Redis may answer the next connection.
  client.on('close', () => enter('unknown'))
  const timer = setInterval(() => void check(), CHECK_INTERVAL_MS).unref()
  return {
    isOurs: () => state === 'own',
    onChange: (listener) => void listeners.push(listener),
    async confirm() {
      const { promise, resolve } = Promise.withResolvers<void>()
      listeners.push(resolve)
      client.once('close', () => resolve())
      if (state === 'unknown') await withTimeout(promise, CONFIRM_TIMEOUT_MS, () => undefined)
      if (state === 'foreign') throw new RedisOfAnotherInstallationError(key)
    },
    close: () => clearInterval(timer),
  }
}

/** Returns the code that begins an answer of Redis, such as NOPERM or OOM: the rest may name users and keys. */
const readReason = (error: unknown): string =>
  error instanceof Error ? (/^[A-Z]{2,}\b/.exec(error.message)?.[0] ?? error.name) : 'unknown'
