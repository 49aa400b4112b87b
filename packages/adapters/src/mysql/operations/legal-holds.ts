import { asc, eq, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { MySqlColumn } from 'drizzle-orm/mysql-core'
import type { Database } from '../core/index.ts'
import { legalHolds, messages } from '../schema/index.ts'

/** Selects rows whose event is under no legal hold. */
export const isFreeOfLegalHold = (event_id: MySqlColumn): SQL =>
  sql`${event_id} NOT IN (SELECT ${legalHolds.event_id} FROM ${legalHolds})`

/** Selects rows that belong to no event, or whose event is under no legal hold. */
export const isNullOrFreeOfLegalHold = (event_id: MySqlColumn): SQL | undefined =>
  or(isNull(event_id), isFreeOfLegalHold(event_id))

/** Selects rows whose message belongs to an event without a legal hold; the message may be removed already. */
export const isMessageFreeOfLegalHold = (message_id: MySqlColumn): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM ${messages} JOIN ${legalHolds} ON ${eq(legalHolds.event_id, messages.event_id)}
    WHERE ${messages.message_id} = ${message_id})`

/** Selects rows whose time is more than this many days ago. */
export const isOlderThan = (column: MySqlColumn, days: number): SQL => sql`${column} < NOW(3) - INTERVAL ${days} DAY`

export async function addLegalHold(db: Database, event_id: string, held_by: string): Promise<void> {
  await db.insert(legalHolds).ignore().values({ event_id, held_by })
}

export async function removeLegalHold(db: Database, event_id: string): Promise<void> {
  await db.delete(legalHolds).where(eq(legalHolds.event_id, event_id))
}

export async function listLegalHolds(db: Database): Promise<string[]> {
  const rows = await db.select({ event_id: legalHolds.event_id }).from(legalHolds).orderBy(asc(legalHolds.event_id))
  return rows.map((hold) => hold.event_id)
}
