import { type IndicatorRules, type IndicatorStore, REPORT_POSITION } from '@engineer-chat/chat/rooms'
import type { StoredMessage } from '@engineer-chat/chat/shared'
import { and, asc, eq, gt, inArray, isNull, ne, or } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import {
  BEGIN,
  createRead,
  createWrite,
  type Database,
  runTogether,
  type Statement,
  type TableRow,
  type Tx,
  toDatabase,
  toWrite,
} from '../../core/index.ts'
import { events, indicatorProgress, indicators } from '../../schema/index.ts'
import { type RoomProgress, type RoomReader, resetIfEventExists } from '../follow-room.ts'

/** One statement inserts at most this many rows, so that it fits into a packet. */
const INSERT_ROWS = 500

/**
 * Locks the indicators of a room, also of one that no worker has read. A transaction that also needs the room's
 * lock takes that one first. Workers take only the lock of the indicators, so a send never waits for a worker.
 */
export async function lockIndicators(tx: Tx, event_id: string): Promise<void> {
  await runTogether(tx, [createLock(event_id)])
}

const createLock = (event_id: string): Statement =>
  createWrite('INSERT INTO indicator_progress (event_id) VALUES (?) ON DUPLICATE KEY UPDATE event_id = event_id', [
    event_id,
  ])

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

export async function listFollowedRooms(
  pool: Pool,
  { after, limit }: Parameters<IndicatorStore['listFollowedRooms']>[0],
): Promise<string[]> {
  const rooms = await toDatabase(pool)
    .select({ event_id: indicatorProgress.event_id })
    .from(indicatorProgress)
    .where(gt(indicatorProgress.event_id, after))
    .orderBy(asc(indicatorProgress.event_id))
    .limit(limit)
  return rooms.map(({ event_id }) => event_id)
}

export const resetRoom = (pool: Pool, event_id: string): Promise<boolean> =>
  resetIfEventExists(pool, event_id, async (tx) => {
    await lockIndicators(tx, event_id)
    const db = toDatabase(tx)
    await db.delete(indicators).where(eq(indicators.event_id, event_id))
    await runTogether(tx, [createProgressWrite(event_id, { seq: 0, report_seq: null })])
  })

type IndicatorProgress = RoomProgress & Pick<TableRow<typeof indicatorProgress>, 'report_seq'>

export const createIndicatorReader = (event_id: string, rules: IndicatorRules): RoomReader<IndicatorProgress> => ({
  async begin(tx) {
    const [, , progress] = await runTogether(tx, [BEGIN, createLock(event_id), selectProgress(event_id)])
    return progress
  },
  // A worker of an older version moves `seq` alone. The event's report is then read again.
  isBehind: ({ seq, readSeq, report_seq }) => seq > readSeq || report_seq !== readSeq,
  async replaceRows(tx, rows, { readSeq, report_seq }) {
    const isReportNew = report_seq !== readSeq || rows.some(rules.isReportChange)
    const reportWrites = isReportNew ? await replaceReport(tx, event_id, rules) : []
    return [...replaceIndicators(tx, event_id, rows, rules), ...reportWrites]
  },
  createProgressWrite: (seq) => createProgressWrite(event_id, { seq, report_seq: seq }),
})

const selectProgress = (event_id: string): Statement<IndicatorProgress | undefined> =>
  createRead<IndicatorProgress, IndicatorProgress | undefined>(
    `SELECT e.seq, p.seq AS readSeq, p.report_seq FROM events e
     JOIN indicator_progress p ON p.event_id = e.event_id WHERE e.event_id = ?`,
    [event_id],
    ([progress]) => progress,
  )

/** Replaces the indicators of these messages, because an answer or a shared question changes in place. */
function replaceIndicators(tx: Tx, event_id: string, rows: StoredMessage[], rules: IndicatorRules): Statement[] {
  if (rows.length === 0) return []
  const positions = rows.map(({ message }) => message.position)
  const found = rows.flatMap((row) => {
    const { position, created_at } = row.message
    const { audience } = row
    return rules.listOccurrences(row).map((occurrence) => ({ ...occurrence, event_id, position, audience, created_at }))
  })
  return createReplacement(toDatabase(tx), event_id, positions, found)
}

/** The report may be long, so it is read only when it is new or was rewritten. */
async function replaceReport(tx: Tx, event_id: string, rules: IndicatorRules): Promise<Statement[]> {
  const { event_name, message, context, created_at } = events
  const db = toDatabase(tx)
  const [report] = await db
    .select({ event_name, message, context, created_at })
    .from(events)
    .where(eq(events.event_id, event_id))
  if (!report) return []
  const place = { event_id, position: REPORT_POSITION, audience: 'all' as const, created_at: report.created_at }
  const found = rules.listReportOccurrences(report).map((occurrence) => ({ ...occurrence, ...place }))
  return createReplacement(db, event_id, [REPORT_POSITION], found)
}

function createReplacement(
  db: Database,
  event_id: string,
  positions: number[],
  found: Array<typeof indicators.$inferInsert>,
): Statement[] {
  const writes = [
    toWrite(
      db.delete(indicators).where(and(eq(indicators.event_id, event_id), inArray(indicators.position, positions))),
    ),
  ]
  for (let start = 0; start < found.length; start += INSERT_ROWS) {
    writes.push(toWrite(db.insert(indicators).values(found.slice(start, start + INSERT_ROWS))))
  }
  return writes
}

const createProgressWrite = (event_id: string, { seq, report_seq }: Omit<IndicatorProgress, 'readSeq'>): Statement =>
  createWrite('UPDATE indicator_progress SET seq = ?, report_seq = ?, updated_at = NOW(3) WHERE event_id = ?', [
    seq,
    report_seq,
    event_id,
  ])
