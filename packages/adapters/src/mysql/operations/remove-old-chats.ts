import { and, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { lockRoom, lockSession, type TableRow, type Tx, toDatabase, transaction } from '../core/index.ts'
import { removeFromIndex } from '../ranking/index.ts'
import { lockIndicators } from '../rooms/index.ts'
import {
  chatSessions,
  feedback,
  flaggedReplies,
  indicators,
  llmCalls,
  messages,
  pins,
  readMarks,
  replyVersions,
} from '../schema/index.ts'
import { isFreeOfLegalHold, isOlderThan } from './legal-holds.ts'

type Session = Pick<TableRow<typeof chatSessions>, 'session_id' | 'event_id' | 'user_id'>

/**
 * Makes sessions inactive that have no recent question, and returns how many questions each of them has. A question
 * that names such a session is still stored in it. A question that names none begins a new session.
 */
export async function closeIdleSessions(pool: Pool, idleHours: number, limit: number): Promise<number[]> {
  const isIdle = sql`${chatSessions.updated_at} < NOW(3) - INTERVAL ${idleHours} HOUR`
  const idleSessions = await toDatabase(pool)
    .select({ session_id: chatSessions.session_id })
    .from(chatSessions)
    .where(and(isNotNull(chatSessions.active_slot), isIdle))
    .limit(limit)
  if (idleSessions.length === 0) return []
  const isOneOfThem = inArray(
    chatSessions.session_id,
    idleSessions.map(({ session_id }) => session_id),
  )
  return transaction(pool, async (tx) => {
    const db = toDatabase(tx)
    const stillIdle = await db
      .select({ session_id: chatSessions.session_id, rounds: chatSessions.rounds })
      .from(chatSessions)
      .where(and(isOneOfThem, isNotNull(chatSessions.active_slot), isIdle))
      .for('update', { skipLocked: true })
    if (stillIdle.length === 0) return []
    const ids = stillIdle.map(({ session_id }) => session_id)
    await db.update(chatSessions).set({ active_slot: null }).where(inArray(chatSessions.session_id, ids))
    return stillIdle.map(({ rounds }) => rounds)
  })
}

/** Each session is removed in its own transaction, so that a room's writers wait for a few rows at most. */
export async function removeChats(pool: Pool, olderThanDays: number, limit: number): Promise<number> {
  const oldSessions = await toDatabase(pool)
    .select({ session_id: chatSessions.session_id, event_id: chatSessions.event_id, user_id: chatSessions.user_id })
    .from(chatSessions)
    .where(isRemovable(olderThanDays))
    .limit(limit)
  for (const session of oldSessions) await transaction(pool, (tx) => removeSession(tx, session, olderThanDays))
  return oldSessions.length
}

/** Selects old sessions under no legal hold and without an unfinished reply. */
const isRemovable = (olderThanDays: number): SQL | undefined =>
  and(
    isOlderThan(chatSessions.updated_at, olderThanDays),
    isFreeOfLegalHold(chatSessions.event_id),
    sql`NOT EXISTS (SELECT 1 FROM ${messages} FORCE INDEX (idx_chat_session)
      WHERE ${messages.chat_session_id} = ${chatSessions.session_id} AND ${messages.due_at} IS NOT NULL)`,
  )

/** Checks again under the locks, because a question or a legal hold may have arrived. */
async function removeSession(tx: Tx, session: Session, olderThanDays: number): Promise<void> {
  const { session_id, event_id, user_id } = session
  await lockRoom(tx, event_id)
  await lockSession(tx, session_id)
  const db = toDatabase(tx)
  const [removable] = await db
    .select({ session_id: chatSessions.session_id })
    .from(chatSessions)
    .where(and(eq(chatSessions.session_id, session_id), isRemovable(olderThanDays)))
  if (!removable) return
  await removeMessages(tx, event_id, eq(messages.chat_session_id, session_id))
  await db.delete(chatSessions).where(eq(chatSessions.session_id, session_id))
  await db
    .delete(readMarks)
    .where(
      and(
        eq(readMarks.event_id, event_id),
        eq(readMarks.user_id, user_id),
        eq(readMarks.muted, false),
        isOlderThan(readMarks.updated_at, olderThanDays),
      ),
    )
}

async function removeMessages(tx: Tx, event_id: string, isSelected: SQL): Promise<void> {
  // With this lock, a worker that has read these messages stores their indicators before the removal, never after it.
  await lockIndicators(tx, event_id)
  const db = toDatabase(tx)
  const found = await db
    .select({ message_id: messages.message_id, position: messages.position })
    .from(messages)
    .where(isSelected)
  if (found.length === 0) return
  const positions = found.map((message) => message.position)
  await db.delete(pins).where(and(eq(pins.event_id, event_id), inArray(pins.position, positions)))
  await db.delete(indicators).where(and(eq(indicators.event_id, event_id), inArray(indicators.position, positions)))
  await removeFromIndex(tx, event_id, positions)
  const ids = found.map((message) => message.message_id)
  for (const table of [feedback, flaggedReplies, llmCalls, replyVersions, messages]) {
    await db.delete(table).where(inArray(table.message_id, ids))
  }
}
