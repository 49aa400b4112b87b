import { type Mysql, queryRow } from '../core/index.ts'

/** Counts unfinished replies and the age of the oldest. The index contains those alone. */
export async function readReplyBacklog({ pool }: Mysql): Promise<{ unfinished: number; oldest_s: number }> {
  const row = await queryRow<{ unfinished: number; oldest_s: number | string }>(
    pool,
    `SELECT COUNT(*) AS unfinished, COALESCE(TIMESTAMPDIFF(MICROSECOND, MIN(updated_at), NOW(3)), 0) / 1e6 AS oldest_s
     FROM messages FORCE INDEX (idx_due) WHERE due_at IS NOT NULL`,
  )
  return { unfinished: Number(row.unfinished), oldest_s: Math.max(0, Number(row.oldest_s)) }
}
