import type { Mysql } from './connection.ts'
import { queryRow } from './rows.ts'

const REFRESH_MS = 30_000

export interface MysqlClock {
  /**
   * Returns how many milliseconds MySQL's clock was ahead of the clock of this machine at the last read, and 0 before
   * the first read.
   */
  getOffsetMs(): number
  /** Returns MySQL's time in milliseconds since 1970. */
  now(): number
  close(): void
}

/** Reads MySQL's clock. The times of rows are MySQL's, so ages are computed by its clock and not by this machine's. */
export function startServerClock({ pool }: Pick<Mysql, 'pool'>): MysqlClock {
  let offsetMs = 0
  const readClock = async () => {
    const sentAtMs = Date.now()
    const row = await queryRow<{ now_ms: number | string }>(
      pool,
      'SELECT ROUND(UNIX_TIMESTAMP(NOW(3)) * 1000) AS now_ms',
    )
    const receivedAtMs = Date.now()
    offsetMs = Number(row.now_ms) - (sentAtMs + receivedAtMs) / 2
  }
  const readOrKeep = () => void readClock().catch(() => {}) // If a read fails, the last result stays in use.
  readOrKeep()
  const timer = setInterval(readOrKeep, REFRESH_MS).unref()
  return {
    getOffsetMs: () => offsetMs,
    now: () => Date.now() + offsetMs,
    close: () => clearInterval(timer),
  }
}
