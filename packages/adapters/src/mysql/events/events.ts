import { type EventStore, listChangedFields } from '@engineer-chat/chat/events'
import { ChatError, type Items, type Principal, type RoomChange } from '@engineer-chat/chat/shared'
import type { Event, UpdateEvent } from '@engineer-chat/protocol'
import type { Pool } from 'mysql2/promise'
import { fromCursor, fromIso, isDuplicateKey, type Tx, toCursor, toItems, transaction } from '../core/index.ts'
import { EVENT_COLUMNS, type EventRecord, toEvent } from './event-row.ts'
import { listMembers, putMember, removeMember } from './members.ts'
import { findEvent, getEvent, toRoomChange } from './read-event.ts'
import { addSummary, latestSummary, listSummaries } from './summaries.ts'

/** Calls `changed` when a user's rights have changed. */
export function createEventStore(pool: Pool, changed: () => void): EventStore {
  return {
    create: (event) => transaction(pool, (tx) => create(tx, event)),
    find: (event_id) => findEvent(pool, event_id),
    list: (caller, query) => list(pool, caller, query),
    async update(event_id, changes) {
      const updated = await transaction(pool, (tx) => update(tx, event_id, changes))
      if (changes.access !== undefined) changed()
      return updated
    },
    listMembers: (event_id, query) => listMembers(pool, event_id, query),
    async putMember(event_id, user_id, role, keep) {
      const member = await putMember(pool, event_id, user_id, role, keep)
      changed()
      return member
    },
    async removeMember(event_id, user_id, keep) {
      await removeMember(pool, event_id, user_id, keep)
      changed()
    },
    addSummary: (event_id, summary) => transaction(pool, (tx) => addSummary(tx, event_id, summary)),
    listSummaries: (event_id, query) => listSummaries(pool, event_id, query),
    findLatestSummary: (event_id) => latestSummary(pool, event_id),
  }
}

async function create(tx: Tx, event: Parameters<EventStore['create']>[0]): Promise<Event> {
  const { event_id, event_name, message, context, severity, source, access, created_by } = event
  try {
    await tx.execute(
      `INSERT INTO events (event_id, event_name, message, context, severity, source, access, created_by)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [event_id, event_name, message, context, severity, source, access, created_by],
    )
  } catch (error) {
    throw isDuplicateKey(error) ? new ChatError('event_exists') : error
  }
  await tx.execute(
    `INSERT INTO event_members (event_id, user_id, role)
     SELECT ?, u.user_id, 'commander' FROM users u WHERE u.user_id = ? AND u.role <> 'agent'`,
    [event_id, created_by],
  )
  return getEvent(tx, event_id)
}

async function list(pool: Pool, caller: Principal, query: { cursor?: string; limit: number }): Promise<Items<Event>> {
  const conditions = ['TRUE']
  const values: Array<string | number> = []
  if (query.cursor !== undefined) {
    const last = fromCursor(query.cursor)
    if (!last) return { items: [], next_cursor: null }
    conditions.push('(e.created_at < ? OR (e.created_at = ? AND e.event_id < ?))')
    const at = fromIso(last.created_at)
    values.push(at, at, last.id)
  }
  if (caller.role === 'engineer') {
    conditions.push(`(e.access = 'open' OR EXISTS (
      SELECT 1 FROM event_members m WHERE m.event_id = e.event_id AND m.user_id = ?))`)
    values.push(caller.user_id)
  }
  const [rows] = await pool.query<EventRecord[]>(
    `SELECT ${EVENT_COLUMNS} FROM events e WHERE ${conditions.join(' AND ')}
     ORDER BY e.created_at DESC, e.event_id DESC LIMIT ?`,
    [...values, query.limit + 1],
  )
  return toItems(rows.map(toEvent), query.limit, ({ created_at, event_id }) => toCursor(created_at, event_id))
}

const CHANGEABLE = ['event_name', 'message', 'context', 'severity', 'event_status', 'access'] as const

// SYSDATE is read after the wait for the room's lock, NOW before it: an event's times must not run backwards.
async function update(tx: Tx, event_id: string, changes: UpdateEvent): Promise<{ event: Event; change: RoomChange }> {
  const columns = CHANGEABLE.filter((column) => changes[column] !== undefined)
  const assignments = columns.map((column) => `, ${column} = ?`).join('')
  await tx.execute(`UPDATE events SET seq = seq + 1, updated_at = SYSDATE(3)${assignments} WHERE event_id = ?`, [
    ...columns.map((column) => changes[column] ?? null),
    event_id,
  ])
  const event = await getEvent(tx, event_id)
  await tx.execute('INSERT INTO event_changes (event_id, seq, changed, created_at) VALUES (?, ?, ?, ?)', [
    event_id,
    event.seq,
    JSON.stringify(listChangedFields(changes)),
    fromIso(event.updated_at),
  ])
  return { event, change: toRoomChange(event) }
}
