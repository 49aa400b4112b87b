import type { Items, RoomChange } from '@engineer-chat/chat/shared'
import type { CreateSummary, EventSummary } from '@engineer-chat/protocol'
import type { Pool } from 'mysql2/promise'
import { fromIso, type Tx, toItems } from '../core/index.ts'
import { SUMMARY_COLUMNS, type SummaryRecord, toSummary } from './event-row.ts'
import { getEvent, toRoomChange } from './read-event.ts'

const SELECT = `SELECT ${SUMMARY_COLUMNS} FROM summaries WHERE event_id = ?`

/** A summary's version is the room's number that it takes. */
export async function addSummary(
  tx: Tx,
  event_id: string,
  { round_id, event_summary, event_suggestion = '' }: CreateSummary,
): Promise<{ summary: EventSummary; change: RoomChange }> {
  await tx.execute(
    'UPDATE events SET summary_version = seq + 1, seq = seq + 1, updated_at = SYSDATE(3) WHERE event_id = ?',
    [event_id],
  )
  const event = await getEvent(tx, event_id)
  const { updated_at } = event
  const summary = { version: String(event.seq), round_id, event_summary, event_suggestion, updated_at }
  await tx.execute(
    `INSERT INTO summaries (event_id, version, round_id, event_summary, event_suggestion, updated_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [event_id, summary.version, round_id, event_summary, event_suggestion, fromIso(updated_at)],
  )
  return { summary, change: toRoomChange(event) }
}

export async function listSummaries(
  pool: Pool,
  event_id: string,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Items<EventSummary>> {
  const before = 'AND id < (SELECT c.id FROM summaries c WHERE c.event_id = ? AND c.version = ?)'
  const [rows] = await pool.query<SummaryRecord[]>(
    `${SELECT} ${cursor === undefined ? '' : before} ORDER BY id DESC LIMIT ?`,
    [event_id, ...(cursor === undefined ? [] : [event_id, cursor]), limit + 1],
  )
  return toItems(rows.map(toSummary), limit, (summary) => summary.version)
}

export async function latestSummary(pool: Pool, event_id: string): Promise<EventSummary | undefined> {
  return (await listSummaries(pool, event_id, { limit: 1 })).items[0]
}
