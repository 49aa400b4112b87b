import { count, isNotNull, sql } from 'drizzle-orm'
import { type Mysql, toDatabase } from '../core/index.ts'
import { messages } from '../schema/index.ts'

/** Counts the unfinished replies and reads the age of the oldest one. With `idx_due`, MySQL reads no other rows. */
export async function readReplyBacklog({ pool }: Mysql): Promise<{ unfinished: number; oldestSeconds: number }> {
  const age = sql`COALESCE(TIMESTAMPDIFF(MICROSECOND, MIN(${messages.updated_at}), NOW(3)), 0) / 1e6`.mapWith(Number)
  const [row] = await toDatabase(pool)
    .select({ unfinished: count(), oldestSeconds: age })
    .from(messages, { forceIndex: 'idx_due' })
    .where(isNotNull(messages.due_at))
  return { unfinished: row?.unfinished ?? 0, oldestSeconds: Math.max(0, row?.oldestSeconds ?? 0) }
}
