import type { Log } from '@engineer-chat/chat/shared'
import { createOutageReporter } from '@engineer-chat/process/outage'
import { withTimeout } from '@engineer-chat/process/with-timeout'
import { writeProbes } from '../schema/index.ts'
import type { Mysql } from './connection.ts'
import { NOW, toDatabase } from './database.ts'
import { withManualTransaction } from './transaction.ts'

/** Each process chooses one of this many rows. Processes rarely wait for each other, and no row has to be removed. */
const ROWS = 64
/** Health checks may come very often, but they cause at most one write in this time. */
const MIN_INTERVAL_MS = 1_000
/** A scrape of the metrics leaves out values that take two seconds, so this must be shorter. */
const TIMEOUT_MS = 1_500

/**
 * Resolves once MySQL has committed a write of this process. Rejects if the write fails or takes too long, or if
 * another statement found the disk full a few seconds ago.
 */
export type WriteProbe = () => Promise<void>

/**
 * Proves that MySQL takes writes. A server that is read-only, or that waits for its disk or its replica, still answers
 * reads. Logs once when writes begin to fail and once when they work again.
 */
export function createWriteProbe({ pool, diskFull }: Mysql, log: Log): WriteProbe {
  const row_id = Math.floor(Math.random() * ROWS)
  const outage = createOutageReporter({
    onLost: (cause) => log.error('EngineerChat.mysql_lost', {}, cause),
    onRestored: () => log.info('EngineerChat.mysql_back'),
  })
  const write = async () => {
    await withManualTransaction(pool, (tx) =>
      toDatabase(tx)
        .insert(writeProbes)
        .values({ row_id, written_at: NOW })
        .onDuplicateKeyUpdate({ set: { written_at: NOW } }),
    )
  }
  let latest: { written: Promise<void>; isRunning: boolean; startedAtMs: number } | undefined
  const start = () => {
    const started = { written: write(), isRunning: true, startedAtMs: performance.now() }
    const end = () => {
      started.isRunning = false
    }
    started.written.then(end, end)
    return started
  }
  return async () => {
    if (!latest || (!latest.isRunning && performance.now() - latest.startedAtMs >= MIN_INTERVAL_MS)) latest = start()
    try {
      await withTimeout(latest.written, TIMEOUT_MS, () => {
        throw new MysqlTimeoutError()
      })
      const full = diskFull.findRecent()
      if (full !== undefined) throw full
      outage.markRestored()
    } catch (error) {
      outage.markLost(error)
      throw error
    }
  }
}

class MysqlTimeoutError extends Error {
  readonly code = 'WRITE_TIMEOUT'

  constructor() {
    super('MySQL committed no write in time.')
    this.name = 'MysqlTimeoutError'
  }
}
