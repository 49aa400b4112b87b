import {
  EVENT_RELEVANCE_LIMITS,
  MAX_COMPARED_INDICATORS,
  MAX_RANKED_EVENTS,
  MAX_SHARING_EVENTS,
  MAX_SIMILAR_TEXTS,
  type SimilarEventRecord,
  type Similarities,
  toEventQueryText,
} from '@engineer-chat/chat/ranking'
import type { IndicatorReader } from '@engineer-chat/chat/rooms'
import type { IndicatorType } from '@engineer-chat/protocol'
import { and, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import type { MySqlColumn } from 'drizzle-orm/mysql-core'
import type { Pool } from 'mysql2/promise'
import { ifGiven, isEventReadable, queryRows, toDatabase } from '../../core/index.ts'
import { events, indicators, summaries, textScopes } from '../../schema/index.ts'
import { ABOVE_ALL_ENTRIES, rankScopes } from '../rank-scopes.ts'
import { EVENTS_SCOPE } from '../scopes.ts'

/**
 * Finds the events that share indicators with this one, or whose texts are similar. With `asked_at`, it leaves out
 * events and summaries that came later.
 */
export async function findSimilarities(
  pool: Pool,
  reader: IndicatorReader,
  event_id: string,
  asked_at?: string,
): Promise<Similarities> {
  const [sharedIndicators, similarTexts] = await Promise.all([
    findSharedIndicators(pool, reader, event_id),
    findSimilarTexts(pool, reader, event_id),
  ])
  const ids = new Set([
    ...sharedIndicators.flatMap((indicator) => indicator.event_ids),
    ...similarTexts.map((event) => event.event_id),
  ])
  return { sharedIndicators, similarTexts, events: await readEvents(pool, reader, [...ids], asked_at) }
}

/** Describes an indicator of the event that is compared. */
interface OwnValue {
  type: IndicatorType
  value: string
  value_hash: string
}

/**
 * Reads at most `MAX_SHARING_EVENTS` events for each value by an index, so that a value that all events share costs no
 * more than one that two events share.
 */
async function findSharedIndicators(pool: Pool, { caller, audiences }: IndicatorReader, event_id: string) {
  const ownValues = await queryRows<OwnValue>(
    pool,
    `SELECT type, value_hash, MIN(value) AS value FROM indicators FORCE INDEX (idx_room)
     WHERE event_id = ? AND audience IN (?) GROUP BY type, value_hash ORDER BY MAX(position) DESC LIMIT ?`,
    [event_id, audiences, MAX_COMPARED_INDICATORS],
  )
  const db = toDatabase(pool)
  const selects = ownValues.map(({ value_hash }) =>
    db
      .selectDistinct({ value_hash: indicators.value_hash, event_id: indicators.event_id })
      .from(indicators, { forceIndex: 'idx_value' })
      .innerJoin(events, eq(events.event_id, indicators.event_id))
      .where(
        and(
          eq(indicators.value_hash, value_hash),
          inArray(indicators.audience, audiences),
          ne(indicators.event_id, event_id),
          // The limit counts events that the reader may read, so that no other event takes their place.
          isEventReadable(db, caller),
        ),
      )
      .limit(MAX_SHARING_EVENTS)
      .toSQL(),
  )
  if (selects.length === 0) return []
  // The `unionAll` of drizzle nests its parts, and MySQL refuses more than 63 levels.
  const sharing = await queryRows<{ value_hash: string; event_id: string }>(
    pool,
    selects.map((select) => `(${select.sql})`).join(' UNION ALL '),
    selects.flatMap(({ params }) => params),
  )
  const byValue = Map.groupBy(sharing, (row) => row.value_hash)
  return ownValues.flatMap(({ type, value, value_hash }) => {
    const rows = byValue.get(value_hash)
    return rows ? [{ type, value, event_ids: rows.map((row) => row.event_id) }] : []
  })
}

async function findSimilarTexts(
  pool: Pool,
  { caller }: IndicatorReader,
  event_id: string,
): Promise<Similarities['similarTexts']> {
  const db = toDatabase(pool)
  const { event_name, message } = events
  const [event] = await db.select({ event_name, message }).from(events).where(eq(events.event_id, event_id))
  if (!event) return []
  const rooms = await db
    .select({ scope_id: textScopes.scope_id, event_id: textScopes.event_id })
    .from(textScopes)
    .innerJoin(events, eq(events.event_id, textScopes.event_id))
    .where(and(eq(textScopes.kind, 'room'), isEventReadable(db, caller)))
    .orderBy(desc(textScopes.scope_id))
    .limit(MAX_RANKED_EVENTS)
  // In the scope of all events, the entry of an event is the `scope_id` of its room.
  const eventIdsByEntry = new Map(rooms.map((room) => [room.scope_id, room.event_id]))
  const { kind, event_id: id } = EVENTS_SCOPE
  const query = {
    kind,
    event_ids: [id],
    beforeEntry: ABOVE_ALL_ENTRIES,
    relevanceLimits: EVENT_RELEVANCE_LIMITS,
    limit: MAX_SIMILAR_TEXTS,
  }
  const ranked = await rankScopes(
    pool,
    { text: toEventQueryText(event) },
    { ...query, onlyEntries: new Set(eventIdsByEntry.keys()) },
  )
  return ranked.flatMap(({ entry, relevance }) => {
    const similarId = eventIdsByEntry.get(entry)
    return similarId === undefined || similarId === event_id ? [] : [{ event_id: similarId, relevance }]
  })
}

async function readEvents(
  pool: Pool,
  { caller }: IndicatorReader,
  ids: string[],
  asked_at: string | undefined,
): Promise<SimilarEventRecord[]> {
  if (ids.length === 0) return []
  const db = toDatabase(pool)
  const { event_id, event_name, severity, tlp, message, created_at } = events
  const isBefore = (time: MySqlColumn) => ifGiven(asked_at, (at) => sql`${time} <= ${at}`)
  return db
    .select({ event_id, event_name, severity, tlp, message, created_at, event_summary: summaries.event_summary })
    .from(events)
    .leftJoin(
      summaries,
      and(
        eq(summaries.event_id, event_id),
        eq(summaries.version, events.summary_version),
        isBefore(summaries.updated_at),
      ),
    )
    .where(and(inArray(event_id, ids), isEventReadable(db, caller), isBefore(created_at)))
}
