import { createPool, type Pool } from 'mysql2/promise'

export interface Mysql {
  /** For prepared SQL: `pool.execute` where the text is always the same, `pool.query` where rows are counted. */
  pool: Pool
  close(): Promise<void>
}

// What every statement here relies on, whatever the server's defaults are.
// READ COMMITTED: a statement that follows the room's lock must see what was committed while we waited for it, and no
// gap is locked, so that writers of different rooms never wait for each other. Nothing here reads the same row twice.
const SESSION = [
  `SET time_zone = '+00:00', innodb_lock_wait_timeout = 3,
    sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
]

/** `url` is `mysql://user:password@host:port/database`. Connects when first used. */
export function connect(url: string, options: { connectionLimit: number }): Mysql {
  const pool = createPool({
    uri: url,
    connectionLimit: options.connectionLimit,
    connectTimeout: 5_000,
    charset: 'utf8mb4_bin',
    dateStrings: true,
    timezone: 'Z',
  })
  // Queued on the connection before whatever it was opened for.
  pool.pool.on('connection', (connection) => {
    for (const statement of SESSION) {
      connection.query(statement, (error) => {
        if (error) connection.destroy()
      })
    }
  })
  return { pool, close: () => pool.end() }
}
