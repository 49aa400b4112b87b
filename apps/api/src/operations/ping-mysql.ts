import type { Mysql } from '@engineer-chat/adapters/mysql'
import { withTimeout } from '@engineer-chat/process/with-timeout'

const TIMEOUT_MS = 1_000

/** Rejects if MySQL does not respond in time, or if all connections are busy. A proxy then chooses another node. */
export async function pingMysql({ pool }: Mysql): Promise<void> {
  await withTimeout(pool.query('SELECT 1'), TIMEOUT_MS, () => {
    throw new Error('MySQL did not answer in time')
  })
}
