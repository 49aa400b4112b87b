import { createPool } from 'mysql2/promise'

const MIB = 1_024 ** 2

/** As an operator would have it for real load: what `npm start` begins with is small, for a laptop's disk. */
export async function sizeMysql(url: string): Promise<void> {
  const admin = createPool({ uri: url, connectionLimit: 1 })
  await admin.query(`SET GLOBAL innodb_buffer_pool_size = ${1_024 * MIB}`)
  for (const redo of ['innodb_log_file_size', 'innodb_redo_log_capacity']) {
    await admin.query(`SET GLOBAL ${redo} = ${512 * MIB}`).catch(() => undefined) // Each server knows one of the two.
  }
  await admin.end()
}
