import type { PinStore } from '@engineer-chat/chat/rooms'
import { type Audience, ChatError, type LockedRoom, type StoredMessage } from '@engineer-chat/chat/shared'
import { and, eq } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { fromIso, lockRoom, queryRows, type Tx, toDatabase, transaction } from '../core/index.ts'
import { pins } from '../schema/index.ts'
import { changeMessage, findMessage } from './change-message.ts'
import { MESSAGE_COLUMNS, type MessageRecord, toStoredMessage } from './message-row.ts'

export function createPinStore(pool: Pool): PinStore {
  return {
    pin: (...which) => transaction(pool, (tx) => pin(tx, ...which)),
    unpin: (...which) => transaction(pool, (tx) => unpin(tx, ...which)),
    list: (...query) => listPins(pool, ...query),
  }
}

async function pin(
  tx: Tx,
  ...[event_id, message_id, { user_id, audiences }]: Parameters<PinStore['pin']>
): ReturnType<PinStore['pin']> {
  const { room, row } = await lockVisibleMessage(tx, event_id, message_id, audiences)
  if (row.message.pinned) return { row, change: null }
  if (row.message.visibility === 'private') throw new ChatError('message_private')
  const changed = await changeMessage(tx, room, message_id, {
    set: 'pinned_by = ?, pinned_at = ?',
    values: [user_id, fromIso(room.now)],
    where: 'due_at IS NULL',
  })
  if (!changed) throw new ChatError('message_not_found') // The reply is still being written.
  await toDatabase(tx).insert(pins).values({ event_id, position: row.message.position })
  return changed
}

async function unpin(
  tx: Tx,
  ...[event_id, message_id, { audiences }]: Parameters<PinStore['unpin']>
): ReturnType<PinStore['unpin']> {
  const { room, row } = await lockVisibleMessage(tx, event_id, message_id, audiences)
  const set = 'pinned_by = NULL, pinned_at = NULL'
  const changed = await changeMessage(tx, room, message_id, { set, values: [], where: 'pinned_by IS NOT NULL' })
  if (!changed) return { row, change: null }
  await toDatabase(tx)
    .delete(pins)
    .where(and(eq(pins.event_id, event_id), eq(pins.position, row.message.position)))
  return changed
}

/** A message of another event, or of another user's private chat, looks like a missing one. */
async function lockVisibleMessage(
  tx: Tx,
  event_id: string,
  message_id: string,
  audiences: Audience[],
): Promise<{ room: LockedRoom; row: StoredMessage }> {
  const room = await lockRoom(tx, event_id)
  const row = room && (await findMessage(tx, message_id))
  if (!row || row.message.event_id !== event_id || !audiences.includes(row.audience)) {
    throw new ChatError('message_not_found')
  }
  return { room, row }
}

// This SQL is hand-written, because all reads of messages share one list of columns and one conversion, and the join's
// order is fixed.
async function listPins(
  pool: Pool,
  ...[event_id, audiences, { after, limit }]: Parameters<PinStore['list']>
): ReturnType<PinStore['list']> {
  const records = await queryRows<MessageRecord>(
    pool,
    `SELECT ${MESSAGE_COLUMNS}
     FROM (SELECT position AS place FROM pins WHERE event_id = ? AND position > ?) AS pinned
     STRAIGHT_JOIN messages ON event_id = ? AND position = pinned.place
     WHERE audience IN (?) ORDER BY position LIMIT ?`,
    [event_id, after, event_id, audiences, limit + 1],
  )
  return { rows: records.slice(0, limit).map(toStoredMessage), has_more: records.length > limit }
}
