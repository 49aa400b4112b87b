import { createPool } from 'mysql2/promise'

const MIB = 1_024 ** 2

/** Gives MySQL a buffer pool and a redo log as in production, because the sizes of `npm start` suit a laptop. */
export async function sizeMysql(url: string): Promise<void> {
  const admin = createPool({ uri: url, connectionLimit: 1 })
  await admin.query(`SET GLOBAL innodb_buffer_pool_size = ${1_024 * MIB}`)
  for (const redoLogSize of ['innodb_log_file_size', 'innodb_redo_log_capacity']) {
    // Each server knows only one of the two names.
    await admin.query(`SET GLOBAL ${redoLogSize} = ${512 * MIB}`).catch(() => undefined)
  }
  await admin.end()
}
