import type { IndicatorReader, IndicatorStore } from '@engineer-chat/chat/rooms'
import type { Items } from '@engineer-chat/chat/shared'
import type { RoomIndicator } from '@engineer-chat/protocol'
import { and, countDistinct, desc, eq, inArray, like, type SQL, sql } from 'drizzle-orm'
import { type Database, ifGiven, isEventReadable, toItems } from '../../core/index.ts'
import { events, indicators } from '../../schema/index.ts'
import { COUNTS, escapeLike } from './counts.ts'

const LAST_POSITION = sql<number>`MAX(${indicators.position})`.mapWith(Number)

type ListQuery = Parameters<IndicatorStore['list']>[2]

/** Groups the room's rows in the order of an index, and reads values only for the groups that it returns. */
export async function listIndicators(
  db: Database,
  reader: IndicatorReader,
  event_id: string,
  query: ListQuery,
): Promise<Items<RoomIndicator>> {
  const groups = await groupRows(db, reader, event_id, query)
  const { items: page, next_cursor } = toItems(groups, query.limit, toGroupCursor)
  if (page.length === 0) return { items: [], next_cursor: null }
  const value_hashes = page.map(({ value_hash }) => value_hash)
  const positions = [...new Set(page.map(({ last_position }) => last_position))]
  const values = await readValues(db, event_id, positions, value_hashes)
  const eventCounts = await countEvents(db, reader, value_hashes)
  return {
    items: page.flatMap(({ type, value_hash, count, first_at, last_at }) => {
      const value = values.get(value_hash)
      // The row was removed after the groups were read.
      if (value === undefined) return []
      return [{ type, value, count, first_at, last_at, events: eventCounts.get(value_hash) ?? 1 }]
    }),
    next_cursor,
  }
}

function groupRows(
  db: Database,
  { audiences }: IndicatorReader,
  event_id: string,
  { type, q, value_hashes, cursor, limit }: ListQuery,
) {
  // No index finds a part of a value, so a list with `q` reads the room's rows.
  const hint = value_hashes ? { forceIndex: 'idx_value' } : q === undefined ? { forceIndex: 'idx_room' } : {}
  return db
    .select({ type: indicators.type, value_hash: indicators.value_hash, ...COUNTS, last_position: LAST_POSITION })
    .from(indicators, hint)
    .where(
      and(
        eq(indicators.event_id, event_id),
        inArray(indicators.audience, audiences),
        ifGiven(type, (value) => eq(indicators.type, value)),
        ifGiven(value_hashes, (hashes) => inArray(indicators.value_hash, hashes)),
        ifGiven(q, (part) => like(sql`LOWER(${indicators.value})`, `%${escapeLike(part.toLowerCase())}%`)),
      ),
    )
    .groupBy(indicators.type, indicators.value_hash)
    .having(ifGiven(cursor, isAfterGroup))
    .orderBy(desc(LAST_POSITION), desc(indicators.value_hash))
    .limit(limit + 1)
}

const toGroupCursor = (group: { last_position: number; value_hash: string }): string =>
  `${group.last_position}_${group.value_hash}`

/** A cursor that this list did not give selects nothing. */
function isAfterGroup(cursor: string): SQL {
  const [, position, value_hash] = /^(\d{1,16})_([0-9a-f]{64})$/.exec(cursor) ?? []
  if (position === undefined || value_hash === undefined) return sql`FALSE`
  return sql`(${LAST_POSITION} < ${Number(position)}
    OR (${LAST_POSITION} = ${Number(position)} AND ${indicators.value_hash} < ${value_hash}))`
}

async function readValues(db: Database, event_id: string, positions: number[], value_hashes: string[]) {
  const rows = await db
    .select({ value_hash: indicators.value_hash, value: indicators.value })
    .from(indicators)
    .where(
      and(
        eq(indicators.event_id, event_id),
        inArray(indicators.position, positions),
        inArray(indicators.value_hash, value_hashes),
      ),
    )
  return new Map(rows.map((row) => [row.value_hash, row.value]))
}

/** Counts for each value the events that contain it. Rows and events that the caller may not read are left out. */
async function countEvents(db: Database, { caller, audiences }: IndicatorReader, value_hashes: string[]) {
  const counts = await db
    .select({ value_hash: indicators.value_hash, count: countDistinct(indicators.event_id) })
    .from(indicators)
    .innerJoin(events, eq(events.event_id, indicators.event_id))
    .where(
      and(
        inArray(indicators.value_hash, value_hashes),
        inArray(indicators.audience, audiences),
        isEventReadable(db, caller),
      ),
    )
    .groupBy(indicators.value_hash)
  return new Map(counts.map((row) => [row.value_hash, row.count]))
}
