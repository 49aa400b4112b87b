import type { IndicatorReader, IndicatorStore } from '@engineer-chat/chat/rooms'
import type { Items } from '@engineer-chat/chat/shared'
import type { FoundIndicator } from '@engineer-chat/protocol'
import { and, desc, eq, inArray, like, or, type SQL, sql } from 'drizzle-orm'
import { type Database, fromIso, ifGiven, isEventReadable, toItems } from '../../core/index.ts'
import { events, indicators } from '../../schema/index.ts'
import { COUNTS, escapeLike, LAST_AT } from './counts.ts'

/** Two indexes find values and hosts with these beginnings. Rows that the caller may not read are not counted. */
export async function searchIndicators(
  db: Database,
  { caller, audiences }: IndicatorReader,
  { beginnings, cursor, limit }: Parameters<IndicatorStore['search']>[1],
): Promise<Items<FoundIndicator>> {
  const { type, value, value_hash, event_id } = indicators
  const { event_name } = events
  const patterns = beginnings.map((text) => `${escapeLike(text)}%`)
  const found = await db
    .select({ type, value, value_hash, event_id, event_name, ...COUNTS })
    .from(indicators)
    .innerJoin(events, eq(events.event_id, event_id))
    .where(
      and(
        or(...patterns.flatMap((pattern) => [like(value, pattern), like(indicators.host, pattern)])),
        inArray(indicators.audience, audiences),
        isEventReadable(db, caller),
      ),
    )
    .groupBy(event_id, value_hash, type, value, event_name)
    .having(ifGiven(cursor, isAfterGroup))
    .orderBy(desc(LAST_AT), desc(value_hash), desc(event_id))
    .limit(limit + 1)
  const { items, next_cursor } = toItems(found, limit, toGroupCursor)
  return { items: items.map(({ value_hash: _, ...item }) => item), next_cursor }
}

const toGroupCursor = (group: { last_at: string; value_hash: string; event_id: string }): string =>
  `${group.last_at}_${group.value_hash}_${group.event_id}`

/** Matches what `toGroupCursor` returns: `2026-01-31T12:00:00.123Z`, 64 hex digits and an event's id, joined by `_`. */
const GROUP_CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([0-9a-f]{64})_(.+)$/

/** A cursor that this list did not give selects nothing. */
function isAfterGroup(cursor: string): SQL {
  const [, last_at, hash, id] = GROUP_CURSOR.exec(cursor) ?? []
  if (last_at === undefined || hash === undefined || id === undefined) return sql`FALSE`
  const { value_hash, event_id } = indicators
  const at = fromIso(last_at)
  const isAfterEvent = sql`(${value_hash} = ${hash} AND ${event_id} < ${id})`
  return sql`(${LAST_AT} < ${at} OR (${LAST_AT} = ${at} AND (${value_hash} < ${hash} OR ${isAfterEvent})))`
}
