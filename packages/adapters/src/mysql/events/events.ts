import { createChangeRow, type EventStore, planEventChange, type TlpGuard } from '@engineer-chat/chat/events'
import { ChatError, type Items, type Principal, type RoomChange } from '@engineer-chat/chat/shared'
import type { Event, EventFilter, UpdateEvent } from '@engineer-chat/protocol'
import { and, desc, eq, getTableColumns, ne, type SQL, sql } from 'drizzle-orm'
import type { MySqlColumn } from 'drizzle-orm/mysql-core'
import type { Pool } from 'mysql2/promise'
import {
  type Database,
  fromCursor,
  insertSelected,
  isAfterKey,
  isDuplicateKey,
  isEventReadable,
  lockRoom,
  NOW_UNDER_LOCK,
  type Tx,
  toCursor,
  toDatabase,
  toItems,
  transaction,
} from '../core/index.ts'
import { INSERT_MESSAGES, toValues } from '../rooms/index.ts'
import { eventChanges, eventMembers, events, users } from '../schema/index.ts'
import { listMembers, putMember, removeMember } from './members.ts'
import { findEvent, getEvent, toRoomChange } from './read-event.ts'
import { addSummary, findCurrentSummary, listSummaries } from './summaries.ts'

/** Calls `onRightsChange` when a user's rights have changed. */
export function createEventStore(pool: Pool, onRightsChange: () => void): EventStore {
  const db = toDatabase(pool)
  return {
    create: (event) => transaction(pool, (tx) => createEvent(tx, event)),
    find: (event_id) => findEvent(pool, event_id),
    list: (caller, query) => listEvents(db, caller, query),
    async update(event_id, changes, by, guard) {
      const updated = await transaction(pool, (tx) => updateEvent(tx, event_id, changes, by, guard))
      if (changes.access !== undefined) onRightsChange()
      return updated
    },
    listMembers: (event_id, query) => listMembers(db, event_id, query),
    async putMember(event_id, user_id, role, guard) {
      const member = await putMember(pool, event_id, user_id, role, guard)
      onRightsChange()
      return member
    },
    async removeMember(event_id, user_id, guard) {
      await removeMember(pool, event_id, user_id, guard)
      onRightsChange()
    },
    addSummary: (event_id, summary) => transaction(pool, (tx) => addSummary(tx, event_id, summary)),
    listSummaries: (event_id, query) => listSummaries(db, event_id, query),
    findCurrentSummary: (event_id) => findCurrentSummary(db, event_id),
  }
}

async function createEvent(tx: Tx, event: Parameters<EventStore['create']>[0]): Promise<Event> {
  const { event_id, created_by } = event
  const db = toDatabase(tx)
  try {
    await db.insert(events).values(event)
  } catch (error) {
    throw isDuplicateKey(error) ? new ChatError('event_exists') : error
  }
  if (created_by !== null) {
    await insertSelected(
      db,
      eventMembers,
      { event_id, user_id: sql`${users.user_id}`, role: 'commander' },
      sql`FROM ${users} WHERE ${and(eq(users.user_id, created_by), ne(users.role, 'agent'))}`,
    )
  }
  return getEvent(tx, event_id)
}

async function listEvents(
  db: Database,
  caller: Principal,
  { cursor, limit, ...filter }: EventFilter & { cursor?: string; limit: number },
): Promise<Items<Event>> {
  const afterKey = cursor === undefined ? undefined : fromCursor(cursor)
  if (cursor !== undefined && !afterKey) return { items: [], next_cursor: null }
  const found = await db
    .select()
    .from(events)
    .where(
      and(
        afterKey && isAfterKey(events.created_at, events.event_id, afterKey),
        matchesFilter(filter),
        isEventReadable(db, caller),
      ),
    )
    .orderBy(desc(events.created_at), desc(events.event_id))
    .limit(limit + 1)
  return toItems(found, limit, ({ created_at, event_id }) => toCursor(created_at, event_id))
}

const COLUMNS_BY_NAME: ReadonlyMap<string, MySqlColumn> = new Map(Object.entries(getTableColumns(events)))

/** Each field of a filter is the name of a column. */
function matchesFilter(filter: EventFilter): SQL | undefined {
  const conditions = Object.entries(filter).flatMap(([field, value]) => {
    const column = COLUMNS_BY_NAME.get(field)
    return column && value !== undefined ? [eq(column, value)] : []
  })
  return and(...conditions)
}

// The room's lock is taken first, so that no other change comes between the read of `before` and the write.
async function updateEvent(
  tx: Tx,
  event_id: string,
  requested: UpdateEvent,
  changedBy: Principal,
  guard?: TlpGuard,
): Promise<{ event: Event; change: RoomChange | null }> {
  const db = toDatabase(tx)
  await lockRoom(tx, event_id)
  const before = await getEvent(tx, event_id)
  if (guard && !guard.allowedOldLabels.includes(before.tlp)) throw new ChatError('forbidden')
  const plan = planEventChange(before, requested, changedBy)
  if (!plan) return { event: before, change: null }

  const firstSeq = before.seq + 1
  const seq = plan.rowContent ? firstSeq + 1 : firstSeq
  await db
    .update(events)
    .set({ ...plan.newValues, seq, updated_at: NOW_UNDER_LOCK })
    .where(eq(events.event_id, event_id))
  const event = await getEvent(tx, event_id)
  const { updated_at: at } = event
  await db.insert(eventChanges).values({ event_id, seq: firstSeq, changed: plan.storedChanges, created_at: at })
  if (!plan.rowContent) return { event, change: toRoomChange(event) }
  const row = createChangeRow({ event_id, seq, at }, plan.rowContent)
  await tx.query(INSERT_MESSAGES, [[toValues({ row })]])
  return { event, change: { event_id, first_seq: firstSeq, seq, rows: [row], event } }
}
