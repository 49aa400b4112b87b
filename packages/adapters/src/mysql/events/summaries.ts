import type { Items, RoomChange } from '@engineer-chat/chat/shared'
import type { CreateSummary, EventSummary } from '@engineer-chat/protocol'
import { and, desc, eq, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/mysql-core'
import { type Database, ifGiven, NOW_UNDER_LOCK, type Tx, toDatabase, toItems } from '../core/index.ts'
import { events, summaries } from '../schema/index.ts'
import { SUMMARY_FIELDS } from './event-row.ts'
import { getEvent, toRoomChange } from './read-event.ts'

/** A summary's version is the sequence number that it takes. */
export async function addSummary(
  tx: Tx,
  event_id: string,
  { round_id, event_summary, event_suggestion = '' }: CreateSummary,
): Promise<{ summary: EventSummary; change: RoomChange }> {
  const db = toDatabase(tx)
  // Drizzle writes the assignments in the order of the table's columns, and MySQL runs them in this order. So
  // `summary_version` gets the raised `seq`.
  await db
    .update(events)
    .set({ seq: sql`${events.seq} + 1`, summary_version: sql`${events.seq}`, updated_at: NOW_UNDER_LOCK })
    .where(eq(events.event_id, event_id))
  const event = await getEvent(tx, event_id)
  const { updated_at } = event
  const summary = { version: String(event.seq), round_id, event_summary, event_suggestion, updated_at }
  await db.insert(summaries).values({ event_id, ...summary })
  return { summary, change: toRoomChange(event) }
}

export async function listSummaries(
  db: Database,
  event_id: string,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Items<EventSummary>> {
  const cursorSummary = alias(summaries, 'last')
  const isEarlier = ifGiven(cursor, (version) => {
    const id = db
      .select({ id: cursorSummary.id })
      .from(cursorSummary)
      .where(and(eq(cursorSummary.event_id, event_id), eq(cursorSummary.version, version)))
    return sql`${summaries.id} < ${id}`
  })
  const found = await db
    .select(SUMMARY_FIELDS)
    .from(summaries)
    .where(and(eq(summaries.event_id, event_id), isEarlier))
    .orderBy(desc(summaries.id))
    .limit(limit + 1)
  return toItems(found, limit, (summary) => summary.version)
}

export async function findCurrentSummary(db: Database, event_id: string): Promise<EventSummary | undefined> {
  return (await listSummaries(db, event_id, { limit: 1 })).items[0]
}
