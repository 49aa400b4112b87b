import { sha256 } from '@engineer-chat/chat/shared'
import type { Connection } from 'mysql2/promise'
import type { Mysql } from './connection.ts'
import { queryRow } from './rows.ts'

/** The server releases the lock when it has received nothing on the lock's connection for this time. */
const SILENCE_SECONDS = 600

/**
 * Runs the work under a named lock of the server, which ends with the connection if the process dies. The connection is
 * not from the pool, because the work uses the pool too, and silent connections of the pool are closed. Resolves to
 * false if another process holds the lock.
 */
export async function runAlone(
  { open }: Pick<Mysql, 'open'>,
  name: string,
  work: (connection: Connection) => Promise<void>,
): Promise<boolean> {
  const connection = await open()
  // Without this listener, a connection that breaks would end the process.
  connection.on('error', () => {})
  try {
    if (!(await takeLock(connection, name))) return false
    await work(connection)
    return true
  } finally {
    // The lock is released explicitly, because the server may notice the end of the connection only later.
    await connection.query('SELECT RELEASE_ALL_LOCKS()').then(
      () => connection.end(),
      () => connection.destroy(),
    )
  }
}

/** Named locks belong to the server, not to a database, so the name contains a hash of the database's name. */
async function takeLock(connection: Connection, name: string): Promise<boolean> {
  await connection.query(`SET wait_timeout = ${SILENCE_SECONDS}`)
  const { database } = await queryRow<{ database: string }>(connection, 'SELECT DATABASE() AS `database`')
  const lock = `engineer-chat-${name}-${sha256(database).slice(0, 16)}`
  const { taken } = await queryRow<{ taken: number | null }>(connection, 'SELECT GET_LOCK(?, 0) AS taken', [lock])
  return taken === 1
}
