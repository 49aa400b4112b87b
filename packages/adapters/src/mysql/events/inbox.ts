import type { InboxEvent, InboxRow, InboxStore, UserMark } from '@engineer-chat/chat/events'
import { EVENT_STATUSES } from '@engineer-chat/protocol'
import type { Pool } from 'mysql2/promise'
import { parseJson, queryRow, queryRows, type TableRow, toIso } from '../core/index.ts'
import type { readMarks } from '../schema/index.ts'

const INBOX_EVENT_COLUMNS = 'event_id, seq, severity, event_status, access, created_at'
const INBOX_ROW_COLUMNS =
  'event_id, position, seq, audience, user_id, message_type, sender_type, mentions, created_at, updated_at'
const MARK_COLUMNS = 'user_id, event_id, position, seen_seq, muted'
const ACTIVE_STATUSES = EVENT_STATUSES.filter((status) => status !== 'closed')
/**
 * A mark may be committed up to this many seconds after its `changed_at`. So a read also takes the marks that changed
 * within this time before the previous read. It does no harm to read a mark twice.
 */
const MARK_OVERLAP_S = 5

export function createInboxStore(pool: Pool): InboxStore {
  return {
    listActive: async (limit) => {
      const rows = await queryRows<InboxEvent>(
        pool,
        `SELECT ${INBOX_EVENT_COLUMNS} FROM events WHERE event_status IN (?) ORDER BY created_at DESC LIMIT ?`,
        [ACTIVE_STATUSES, limit],
      )
      return rows.map(toInboxEvent)
    },
    findEvents: async (event_ids) => {
      if (event_ids.length === 0) return []
      const select = `SELECT ${INBOX_EVENT_COLUMNS} FROM events WHERE event_id IN (?)`
      return (await queryRows<InboxEvent>(pool, select, [event_ids])).map(toInboxEvent)
    },
    readRows: (rooms, limit) => readRows(pool, rooms, limit),
    findMarks: async (user_ids, event_ids) => {
      if (user_ids.length === 0 || event_ids.length === 0) return []
      const where = 'event_id IN (?) AND user_id IN (?)'
      return (await selectMarks(pool, where, [event_ids, user_ids])).map(toMark)
    },
    readChangedMarks: (since) => readChangedMarks(pool, since),
    async putMuted(event_id, user_id, muted) {
      await pool.execute(
        `INSERT INTO read_marks (event_id, user_id, position, muted, changed_at) VALUES (?, ?, 0, ?, NOW(3))
         ON DUPLICATE KEY UPDATE muted = VALUES(muted), changed_at = NOW(3)`,
        [event_id, user_id, muted],
      )
    },
  }
}

const toInboxEvent = (event: InboxEvent): InboxEvent => ({ ...event, created_at: toIso(event.created_at) })

type InboxRecord = Omit<InboxRow, 'mentions'> & { mentions: string[] | string | null }

/** Reads from each room the rows after `after_seq` that changed last: per room, one limited range of an index. */
async function readRows(pool: Pool, ...[rooms, limit]: Parameters<InboxStore['readRows']>): Promise<InboxRow[]> {
  if (rooms.length === 0) return []
  const selectOfRoom = `(SELECT ${INBOX_ROW_COLUMNS} FROM messages FORCE INDEX (uq_event_seq)
    WHERE event_id = ? AND seq > ? ORDER BY seq DESC LIMIT ?)`
  const found = await queryRows<InboxRecord>(
    pool,
    rooms.map(() => selectOfRoom).join(' UNION ALL '),
    rooms.flatMap(({ event_id, after_seq }) => [event_id, after_seq, limit]),
  )
  const rows = found.map((row) => ({
    ...row,
    mentions: row.mentions === null ? [] : parseJson(row.mentions),
    created_at: toIso(row.created_at),
    updated_at: toIso(row.updated_at),
  }))
  return rows.sort((a, b) => a.seq - b.seq)
}

type MarkRecord = Pick<TableRow<typeof readMarks>, keyof UserMark>

const toMark = ({ muted, ...mark }: MarkRecord): UserMark => ({ ...mark, muted: muted === 1 })

const selectMarks = (pool: Pool, where: string, values: unknown[]): Promise<MarkRecord[]> =>
  queryRows<MarkRecord>(pool, `SELECT ${MARK_COLUMNS} FROM read_marks WHERE ${where}`, values)

async function readChangedMarks(pool: Pool, since: string | null): ReturnType<InboxStore['readChangedMarks']> {
  const { at } = await queryRow<{ at: string }>(pool, 'SELECT CAST(NOW(3) AS CHAR) AS at')
  if (since === null) return { marks: [], at }
  const where = `changed_at >= CAST(? AS DATETIME(3)) - INTERVAL ${MARK_OVERLAP_S} SECOND`
  return { marks: (await selectMarks(pool, where, [since])).map(toMark), at }
}
