import { createPool } from 'mysql2/promise'

const MIB = 1_024 ** 2

/** Sets the sizes of the buffer pool and the redo log as in production. Those of `npm start` are for a laptop. */
export async function configureMysql(url: string): Promise<void> {
  const admin = createPool({ uri: url, connectionLimit: 1 })
  await admin.query(`SET GLOBAL innodb_buffer_pool_size = ${1_024 * MIB}`)
  for (const variable of ['innodb_log_file_size', 'innodb_redo_log_capacity']) {
    // Each version of MySQL has only one of the two variables.
    await admin.query(`SET GLOBAL ${variable} = ${512 * MIB}`).catch(() => undefined)
  }
  await admin.end()
}
