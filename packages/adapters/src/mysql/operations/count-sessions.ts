import { count, gt } from 'drizzle-orm'
import { type Mysql, toDatabase } from '../core/index.ts'
import { chatSessions } from '../schema/index.ts'

/** Counts the sessions with a question. It reads all sessions, so the caller should keep the result for a while. */
export async function countSessions({ pool }: Pick<Mysql, 'pool'>): Promise<number> {
  const [row] = await toDatabase(pool)
    .select({ sessions: count() })
    .from(chatSessions)
    .where(gt(chatSessions.rounds, 0))
  return row?.sessions ?? 0
}
