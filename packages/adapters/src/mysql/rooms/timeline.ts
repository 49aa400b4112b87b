import { VISIT_PAUSE_MINUTES } from '@engineer-chat/chat/prompting'
import type { StoredPage, Timeline } from '@engineer-chat/chat/rooms'
import type { Audience, StoredMessage } from '@engineer-chat/chat/shared'
import type { Event } from '@engineer-chat/protocol'
import type { Pool } from 'mysql2/promise'
import { executeRows, queryRows, type TableRow } from '../core/index.ts'
import type { events, messages } from '../schema/index.ts'
import { MESSAGE_COLUMNS, type MessageRecord, toStoredMessage } from './message-row.ts'

interface PageQuery {
  before?: number
  after?: number
  limit: number
}

/** Reads an event. It is a parameter, because the code of events imports this folder, and circles are not allowed. */
type FindEvent = (pool: Pool, event_id: string) => Promise<Event | undefined>

export function createTimeline(pool: Pool, findEvent: FindEvent): Timeline {
  return {
    readPage: (event_id, audiences, query) => readPage(pool, event_id, audiences, query),
    findMessage: (...which) => findVisibleMessage(pool, ...which),
    findPosition: (...which) => findPosition(pool, ...which),
    readChanges: (...query) => readChanges({ pool, findEvent }, ...query),
    readSessionPage: (session_id, query) => readSessionPage(pool, session_id, query),
    listUnfinishedReplies: (event_id) => listUnfinishedReplies(pool, event_id),
    readSeqs: (event_ids) => readSeqs(pool, event_ids),
    markRead: (...mark) => markRead(pool, ...mark),
  }
}

// The room's `seq` is read first, without a lock: an INSERT that selects it from the room's row would wait for sends.
// Assignments run from left to right, so `visit_position` gets the old position.
async function markRead(pool: Pool, ...[event_id, user_id, position]: Parameters<Timeline['markRead']>): Promise<void> {
  const seq = (await readSeqs(pool, [event_id])).get(event_id) ?? 0
  await pool.execute(
    `INSERT INTO read_marks (event_id, user_id, position, seen_seq, changed_at) VALUES (?, ?, ?, ?, NOW(3))
     ON DUPLICATE KEY UPDATE
       visit_position = IF(VALUES(position) > position AND updated_at < ${VISIT_PAUSE_AGO}, position, visit_position),
       updated_at = IF(VALUES(position) > position, NOW(3), updated_at),
       position = GREATEST(position, VALUES(position)),
       seen_seq = GREATEST(seen_seq, VALUES(seen_seq)),
       changed_at = NOW(3)`,
    [event_id, user_id, position, seq],
  )
}

const VISIT_PAUSE_AGO = `NOW(3) - INTERVAL ${VISIT_PAUSE_MINUTES} MINUTE`

/** This number is above every position. */
const MAX_POSITION = Number.MAX_SAFE_INTEGER

async function readPage(pool: Pool, event_id: string, audiences: Audience[], query: PageQuery): Promise<StoredPage> {
  const seq = (await readSeqs(pool, [event_id])).get(event_id) ?? 0
  if (audiences.length === 0) return { rows: [], seq, has_more: false }
  const limit = query.limit + 1
  const isAfter = query.after !== undefined
  const rangeValues = [query.after ?? query.before ?? MAX_POSITION, limit]
  const records = await queryRows<MessageRecord>(
    pool,
    selectMessages(audiences, 'idx_page', 'position', isAfter ? NEXT_AFTER : 'position < ? ORDER BY position DESC'),
    [...audiences.flatMap((audience) => [event_id, audience, ...rangeValues]), limit, event_id],
  )
  return { seq, ...(isAfter ? toNextPage : toPreviousPage)(records, query.limit) }
}

const NEXT_AFTER = 'position > ? ORDER BY position'

async function findVisibleMessage(
  pool: Pool,
  ...[event_id, audiences, message_id]: Parameters<Timeline['findMessage']>
): Promise<StoredMessage | undefined> {
  const [row] = await queryRows<MessageRecord>(
    pool,
    `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE message_id = ? AND event_id = ? AND audience IN (?)`,
    [message_id, event_id, audiences],
  )
  return row && toStoredMessage(row)
}

async function findPosition(
  pool: Pool,
  ...[event_id, audiences, message_id]: Parameters<Timeline['findPosition']>
): Promise<number | undefined> {
  const [row] = await queryRows<Pick<TableRow<typeof messages>, 'position'>>(
    pool,
    'SELECT position FROM messages WHERE message_id = ? AND event_id = ? AND audience IN (?)',
    [message_id, event_id, audiences],
  )
  return row?.position
}

// Each audience has one ordered, limited range of an index, and the ranges are merged, so other users' private rows are
// never read. Only indexed columns are merged, because a temporary table of whole rows would go to disk. The whole rows
// are read after the merge.
const selectMessages = (
  audiences: Audience[],
  index: string,
  sortColumn: 'position' | 'seq',
  rangeAndOrder: string,
  columns = MESSAGE_COLUMNS,
): string => {
  const direction = rangeAndOrder.endsWith('DESC') ? 'DESC' : 'ASC'
  const selectRange = `(SELECT position AS place, ${sortColumn} AS sort_key FROM messages FORCE INDEX (${index})
    WHERE event_id = ? AND audience = ? AND ${rangeAndOrder} LIMIT ?)`
  return `SELECT ${columns}
    FROM (${audiences.map(() => selectRange).join(' UNION ALL ')} ORDER BY sort_key ${direction} LIMIT ?) AS merged
    STRAIGHT_JOIN messages ON event_id = ? AND position = merged.place ORDER BY ${sortColumn} ${direction}`
}

// One statement reads rows and the room's `seq`, so both are of one moment. With two statements, a row that changed
// between them could be missing, although the caller asks next only for changes after `seq`. The event may be newer
// than `seq`, never older.
async function readChanges(
  { pool, findEvent }: { pool: Pool; findEvent: FindEvent },
  ...[event_id, audiences, afterSeq, limit]: Parameters<Timeline['readChanges']>
): ReturnType<Timeline['readChanges']> {
  const event = await findEvent(pool, event_id)
  if (!event) return undefined
  const found = await readChangedMessages(pool, event_id, audiences, afterSeq, limit + 1)
  const seq = found[0]?.room_seq ?? event.seq
  return {
    rows: found.slice(0, limit).map(toStoredMessage),
    seq,
    event: seq === event.seq ? event : ((await findEvent(pool, event_id)) ?? event),
    complete: found.length <= limit,
  }
}

type ChangedRecord = MessageRecord & { room_seq: number }

async function readChangedMessages(
  pool: Pool,
  event_id: string,
  audiences: Audience[] | null,
  afterSeq: number,
  limit: number,
): Promise<ChangedRecord[]> {
  if (audiences?.length === 0) return []
  return audiences === null
    ? queryRows<ChangedRecord>(
        pool,
        `SELECT ${MESSAGE_COLUMNS}, ${ROOM_SEQ} FROM messages FORCE INDEX (uq_event_seq)
           WHERE event_id = ? AND seq > ? ORDER BY seq LIMIT ?`,
        [event_id, event_id, afterSeq, limit],
      )
    : queryRows<ChangedRecord>(
        pool,
        selectMessages(audiences, 'idx_changes', 'seq', 'seq > ? ORDER BY seq', `${MESSAGE_COLUMNS}, ${ROOM_SEQ}`),
        [event_id, ...audiences.flatMap((audience) => [event_id, audience, afterSeq, limit]), limit, event_id],
      )
}

const ROOM_SEQ = '(SELECT seq FROM events WHERE event_id = ?) AS room_seq'

async function readSessionPage(pool: Pool, session_id: string, query: PageQuery): Promise<StoredPage> {
  const [room] = await executeRows<Pick<TableRow<typeof events>, 'seq'>>(
    pool,
    'SELECT e.seq FROM chat_sessions s JOIN events e ON e.event_id = s.event_id WHERE s.session_id = ?',
    [session_id],
  )
  const records = await queryRows<MessageRecord>(
    pool,
    `SELECT ${MESSAGE_COLUMNS} FROM messages FORCE INDEX (idx_chat_session)
     WHERE chat_session_id = ? AND position < ? ORDER BY position DESC LIMIT ?`,
    [session_id, query.before ?? MAX_POSITION, query.limit + 1],
  )
  return { seq: room?.seq ?? 0, ...toPreviousPage(records, query.limit) }
}

/** Builds a page from rows that were read from the newest one down, with one row more than the limit. */
const toPreviousPage = (records: MessageRecord[], limit: number): Pick<StoredPage, 'rows' | 'has_more'> => ({
  rows: records.slice(0, limit).reverse().map(toStoredMessage),
  has_more: records.length > limit,
})

const toNextPage = (records: MessageRecord[], limit: number): Pick<StoredPage, 'rows' | 'has_more'> => ({
  rows: records.slice(0, limit).map(toStoredMessage),
  has_more: records.length > limit,
})

async function listUnfinishedReplies(pool: Pool, event_id: string): Promise<StoredMessage[]> {
  const records = await executeRows<MessageRecord>(
    pool,
    `SELECT ${MESSAGE_COLUMNS} FROM messages FORCE INDEX (idx_sender_type)
     WHERE sender_type = 'ai' AND message_type = 'thinking' AND event_id = ? ORDER BY position`,
    [event_id],
  )
  return records.map(toStoredMessage)
}

async function readSeqs(pool: Pool, event_ids: string[]): Promise<Map<string, number>> {
  if (event_ids.length === 0) return new Map()
  const rows = await queryRows<Pick<TableRow<typeof events>, 'event_id' | 'seq'>>(
    pool,
    'SELECT event_id, seq FROM events WHERE event_id IN (?)',
    [event_ids],
  )
  return new Map(rows.map((row) => [row.event_id, row.seq]))
}
