import { count, eq } from 'drizzle-orm'
import { type Mysql, toDatabase } from '../core/index.ts'
import { events } from '../schema/index.ts'

/** Counts the TLP:RED events, which only models that are inside may read. */
export async function countRedEvents({ pool }: Mysql): Promise<number> {
  const [found] = await toDatabase(pool).select({ red: count() }).from(events).where(eq(events.tlp, 'red'))
  return found?.red ?? 0
}
