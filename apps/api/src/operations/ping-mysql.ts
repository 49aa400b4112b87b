import type { Mysql } from '@engineer-chat/adapters/mysql'
import { withTimeout } from '@engineer-chat/process/with-timeout'

const TIMEOUT_MS = 1_000

/**
 * Rejects if no connection answers in time, also if all are busy, because a proxy should choose another node then
 * too.
 */
export async function pingMysql({ pool }: Mysql): Promise<void> {
  await withTimeout(pool.query('SELECT 1'), TIMEOUT_MS, () => {
    throw new Error('MySQL did not answer in time')
  })
}
