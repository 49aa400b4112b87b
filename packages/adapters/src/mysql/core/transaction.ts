import type { Pool, PoolConnection } from 'mysql2/promise'
import { isConnectionLost, isDeadlock } from './errors.ts'

/** Represents the connection of a running transaction. Only this module begins, commits and releases it. */
export type Tx = PoolConnection

const DEADLOCK_TRIES = 5

/**
 * Runs BEGIN, the work and COMMIT. After a deadlock the work runs again from its beginning, so it touches nothing but
 * the database.
 */
export const transaction = <T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> =>
  transactionOfRoundTrips(pool, async (tx) => {
    await tx.query('BEGIN')
    const result = await work(tx)
    await tx.query('COMMIT')
    return result
  })

/** Runs a transaction whose `work` begins its first round trip with BEGIN and ends its last one with COMMIT. */
export async function transactionOfRoundTrips<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await runOnce(pool, work)
    } catch (error) {
      if (!isDeadlock(error) || tried === DEADLOCK_TRIES) throw error
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
