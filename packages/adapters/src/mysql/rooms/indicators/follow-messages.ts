import { type IndicatorRules, type IndicatorStore, REPORT_POSITION } from '@engineer-chat/chat/rooms'
import type { StoredMessage } from '@engineer-chat/chat/shared'
import { and, asc, eq, gt, inArray, isNull, ne, or, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { NOW, type Tx, toDatabase, transaction } from '../../core/index.ts'
import { events, indicatorProgress, indicators } from '../../schema/index.ts'
import type { RoomProgress, RoomReader } from '../follow-room.ts'

/** One statement inserts at most this many rows, so that it fits into a packet. */
const INSERT_ROWS = 500

/**
 * Locks the indicators of a room, also of one that no worker has read. A transaction that needs both locks takes the
 * room's first. Workers take only this one, so a send never waits for a worker.
 */
export async function lockIndicators(tx: Tx, event_id: string): Promise<void> {
  await toDatabase(tx)
    .insert(indicatorProgress)
    .values({ event_id })
    .onDuplicateKeyUpdate({ set: { event_id: sql`${indicatorProgress.event_id}` } })
}

/**
 * Lists rooms with changes that no worker has read. It compares one small row of each event. Only rooms that changed in
 * the last seconds are behind, or all rooms after an upgrade.
 */
export async function listRoomsBehind(pool: Pool, limit: number): Promise<string[]> {
  const behind = await toDatabase(pool)
    .select({ event_id: events.event_id })
    .from(events)
    .leftJoin(indicatorProgress, eq(indicatorProgress.event_id, events.event_id))
    .where(
      or(
        gt(events.seq, indicatorProgress.seq),
        isNull(indicatorProgress.report_seq),
        ne(indicatorProgress.report_seq, indicatorProgress.seq),
      ),
    )
    .limit(limit)
  return behind.map(({ event_id }) => event_id)
}

export async function listReadRooms(
  pool: Pool,
  { after, limit }: Parameters<IndicatorStore['listReadRooms']>[0],
): Promise<string[]> {
  const rooms = await toDatabase(pool)
    .select({ event_id: indicatorProgress.event_id })
    .from(indicatorProgress)
    .where(gt(indicatorProgress.event_id, after))
    .orderBy(asc(indicatorProgress.event_id))
    .limit(limit)
  return rooms.map(({ event_id }) => event_id)
}

export const resetRoom = (pool: Pool, event_id: string): Promise<void> =>
  transaction(pool, async (tx) => {
    await lockIndicators(tx, event_id)
    const db = toDatabase(tx)
    await db.delete(indicators).where(eq(indicators.event_id, event_id))
    await storeProgress(tx, event_id, { seq: 0, report_seq: null })
  })

export const createIndicatorReader = (
  event_id: string,
  rules: IndicatorRules,
): RoomReader<RoomProgress & { report_seq: number | null }> => ({
  lock: lockIndicators,
  async findProgress(tx) {
    const [room] = await toDatabase(tx)
      .select({ seq: events.seq, readSeq: indicatorProgress.seq, report_seq: indicatorProgress.report_seq })
      .from(events)
      .innerJoin(indicatorProgress, eq(indicatorProgress.event_id, events.event_id))
      .where(eq(events.event_id, event_id))
    return room
  },
  // A worker of an older version moves `seq` alone. The event's report is then read again.
  isBehind: ({ seq, readSeq, report_seq }) => seq > readSeq || report_seq !== readSeq,
  async replaceRows(tx, rows, { readSeq, report_seq }) {
    await replaceMentions(tx, event_id, rows, rules)
    if (report_seq !== readSeq || rows.some(rules.isReportChange)) await replaceReport(tx, event_id, rules)
  },
  storeProgress: (tx, seq) => storeProgress(tx, event_id, { seq, report_seq: seq }),
})

/** Replaces the indicators of these messages, because an answer or a shared question changes in place. */
async function replaceMentions(tx: Tx, event_id: string, rows: StoredMessage[], rules: IndicatorRules): Promise<void> {
  if (rows.length === 0) return
  const positions = rows.map(({ message }) => message.position)
  const found = rows.flatMap((row) => {
    const { position, created_at } = row.message
    const { audience } = row
    return rules.listMentions(row).map((mention) => ({ ...mention, event_id, position, audience, created_at }))
  })
  await replaceRows(tx, event_id, positions, found)
}

/** The report may be long, so it is read only when it is new or was rewritten. */
async function replaceReport(tx: Tx, event_id: string, rules: IndicatorRules): Promise<void> {
  const { event_name, message, context, created_at } = events
  const [report] = await toDatabase(tx)
    .select({ event_name, message, context, created_at })
    .from(events)
    .where(eq(events.event_id, event_id))
  if (!report) return
  const place = { event_id, position: REPORT_POSITION, audience: 'all' as const, created_at: report.created_at }
  const found = rules.listReportMentions(report).map((mention) => ({ ...mention, ...place }))
  await replaceRows(tx, event_id, [REPORT_POSITION], found)
}

async function replaceRows(
  tx: Tx,
  event_id: string,
  positions: number[],
  found: Array<typeof indicators.$inferInsert>,
): Promise<void> {
  const db = toDatabase(tx)
  await db.delete(indicators).where(and(eq(indicators.event_id, event_id), inArray(indicators.position, positions)))
  for (let start = 0; start < found.length; start += INSERT_ROWS) {
    await db.insert(indicators).values(found.slice(start, start + INSERT_ROWS))
  }
}

async function storeProgress(
  tx: Tx,
  event_id: string,
  progress: { seq: number; report_seq: number | null },
): Promise<void> {
  await toDatabase(tx)
    .update(indicatorProgress)
    .set({ ...progress, updated_at: NOW })
    .where(eq(indicatorProgress.event_id, event_id))
}
