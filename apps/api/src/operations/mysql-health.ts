import type { Mysql } from '@engineer-chat/adapters/mysql'

const PATIENCE_MS = 1_000

/** Rejects when no connection answers in time: also when all of them are busy, which is a reason to look elsewhere too. */
export async function pingMysql({ pool }: Mysql): Promise<void> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('MySQL did not answer in time')), PATIENCE_MS)
  try {
    await Promise.race([pool.query('SELECT 1'), tooLate])
  } finally {
    clearTimeout(timer)
  }
}
