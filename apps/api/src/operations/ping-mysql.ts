import type { Mysql } from '@engineer-chat/adapters/mysql'
import { withTimeout } from '@engineer-chat/process/with-timeout'

const TIMEOUT_MS = 1_000

/**
 * Rejects when no connection answers in time, also when all are busy: then a proxy should choose another node as well.
 */
export async function pingMysql({ pool }: Mysql): Promise<void> {
  await withTimeout(pool.query('SELECT 1'), TIMEOUT_MS, () => {
    throw new Error('MySQL did not answer in time')
  })
}
