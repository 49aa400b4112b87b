import { createPool } from 'mysql2/promise'

const MIB = 1_024 ** 2

/**
 * Sizes MySQL for real load as an operator would, because the defaults of `npm start` are small, for a laptop's disk.
 */
export async function sizeMysql(url: string): Promise<void> {
  const admin = createPool({ uri: url, connectionLimit: 1 })
  await admin.query(`SET GLOBAL innodb_buffer_pool_size = ${1_024 * MIB}`)
  for (const redo of ['innodb_log_file_size', 'innodb_redo_log_capacity']) {
    // Each server knows only one of the two names.
    await admin.query(`SET GLOBAL ${redo} = ${512 * MIB}`).catch(() => undefined)
  }
  await admin.end()
}
