import { sha256 } from '@engineer-chat/chat/shared'
import type { Pool, PoolConnection } from 'mysql2/promise'
import { queryRow } from '../core/index.ts'

/**
 * Runs the work under a lock of the server, which ends with the connection if the process dies. Locks belong to the
 * server and not to the database, so the name holds the database's.
 */
export async function runAlone(pool: Pool, work: () => Promise<void>): Promise<boolean> {
  const connection = await pool.getConnection()
  try {
    const { name } = await queryRow<{ name: string }>(connection, 'SELECT DATABASE() AS name')
    const lock = `engineer-chat-folder-${sha256(name).slice(0, 16)}`
    const { taken } = await queryRow<{ taken: number | null }>(connection, 'SELECT GET_LOCK(?, 0) AS taken', [lock])
    if (taken !== 1) return false
    await runAndRelease(connection, lock, work)
    return true
  } finally {
    connection.release()
  }
}

async function runAndRelease(connection: PoolConnection, lock: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } finally {
    // A connection that is gone has given the lock back.
    await connection.query('SELECT RELEASE_LOCK(?)', [lock]).catch(() => connection.destroy())
  }
}
