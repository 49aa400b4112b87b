import type { Pool, PoolConnection } from 'mysql2/promise'
import { isConnectionLost, isDeadlock } from './errors.ts'

/** Represents a connection while a transaction runs on it. Only this module takes it from the pool and releases it. */
export type Tx = PoolConnection

/** Work that has met a deadlock in each of this many runs fails. */
const MAX_RUNS = 5

/**
 * Runs BEGIN, the work and COMMIT. After a deadlock the work runs again from its beginning, so it must change nothing
 * but the database.
 */
export const transaction = <T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> =>
  withManualTransaction(pool, async (tx) => {
    await tx.query('BEGIN')
    const result = await work(tx)
    await tx.query('COMMIT')
    return result
  })

/**
 * Runs work that sends its own BEGIN and COMMIT, in its first and its last round trip. After a deadlock it runs again.
 * A single statement needs neither, because the server commits it by itself.
 */
export async function withManualTransaction<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let runs = 1; ; runs++) {
    try {
      return await runOnce(pool, work)
    } catch (error) {
      if (!isDeadlock(error) || runs === MAX_RUNS) throw error
    }
  }
}

async function runOnce<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  const connection = await pool.getConnection()
  try {
    const result = await work(connection)
    connection.release()
    return result
  } catch (error) {
    await releaseConnection(connection, error)
    throw error
  }
}

async function releaseConnection(connection: PoolConnection, error: unknown): Promise<void> {
  if (isConnectionLost(error)) return connection.destroy()
  try {
    await connection.query('ROLLBACK')
    connection.release()
  } catch {
    connection.destroy() // The server rolls back the transaction of a closed connection.
  }
}
