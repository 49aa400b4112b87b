import type { RowDataPacket } from 'mysql2/promise'
import type { Mysql } from './connection.ts'

const LOOK_AGAIN_MS = 30_000

export interface MysqlClock {
  /** How far MySQL's clock is ahead of this process's, as it was last seen; 0 before that. */
  offset_ms(): number
  /** By MySQL's clock, in milliseconds since 1970. */
  now(): number
  close(): void
}

/** Times of rows are MySQL's: what is told from them is told by its clock, whatever this machine's says. */
export function startServerClock({ pool }: Pick<Mysql, 'pool'>): MysqlClock {
  let offset = 0
  const look = async () => {
    const asked = Date.now()
    const [[row]] = await pool.query<RowDataPacket[]>('SELECT ROUND(UNIX_TIMESTAMP(NOW(3)) * 1000) AS now_ms')
    const answered = Date.now()
    offset = Number(row?.now_ms) - (asked + answered) / 2
  }
  const lookOrKeep = () => void look().catch(() => {}) // what was last seen is better than nothing
  lookOrKeep()
  const timer = setInterval(lookOrKeep, LOOK_AGAIN_MS).unref()
  return {
    offset_ms: () => offset,
    now: () => Date.now() + offset,
    close: () => clearInterval(timer),
  }
}
