import type { Pool, PoolConnection } from 'mysql2/promise'
import { isConnectionLost, isDeadlock } from './errors.ts'

export type Tx = Pick<PoolConnection, 'query' | 'execute'>

const DEADLOCK_TRIES = 5

/** BEGIN, work, COMMIT. A deadlock's victim runs again from its beginning, so `work` touches nothing but the database. */
export const transaction = <T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> =>
  transactionOfRoundTrips(pool, async (tx) => {
    await tx.query('BEGIN')
    const result = await work(tx)
    await tx.query('COMMIT')
    return result
  })

/** The same, where `work` begins its first trip with BEGIN and ends its last with COMMIT. */
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
    connection.destroy() // the server rolls back what a closed connection left
  }
}
