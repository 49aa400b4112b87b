import { planSlotsAfterUse, type SessionStore } from '@engineer-chat/chat/asking'
import { ChatError } from '@engineer-chat/chat/shared'
import type { ChatSession } from '@engineer-chat/protocol'
import { and, count, desc, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/mysql-core'
import type { Pool } from 'mysql2/promise'
import {
  type Database,
  executeRows,
  ifGiven,
  lockRoom,
  runTogether,
  type Tx,
  toDatabase,
  toIso,
  toItems,
  transaction,
} from '../core/index.ts'
import { chatSessions, messages } from '../schema/index.ts'
import { emptySlots, fillSlots, isActiveSession, selectSessionsWithSlot } from './active-slots.ts'

const SESSION_COLUMNS = {
  session_id: chatSessions.session_id,
  event_id: chatSessions.event_id,
  user_id: chatSessions.user_id,
  visibility: chatSessions.visibility,
  rounds: chatSessions.rounds,
  max_rounds: chatSessions.max_rounds,
  created_at: chatSessions.created_at,
  updated_at: chatSessions.updated_at,
} satisfies Record<keyof Omit<ChatSession, 'active'>, unknown>

/** Selects the same columns in hand-written SQL, because each request for the messages of a chat reads the session. */
const SELECT_SESSION = `SELECT ${Object.keys(SESSION_COLUMNS).join(', ')}, ${isActiveSession('s')} AS active
  FROM chat_sessions s`

const toSession = ({ active, created_at, updated_at, ...rest }: SessionRecord): ChatSession => ({
  ...rest,
  active: active === 1,
  created_at: toIso(created_at),
  updated_at: toIso(updated_at),
})

interface SessionRecord extends Omit<ChatSession, 'active'> {
  active: number
}

export function createSessionStore(pool: Pool): SessionStore {
  const db = toDatabase(pool)
  return {
    create: (session) => transaction(pool, (tx) => createSession(tx, session)),
    find: (user_id, session_id) => findSession(pool, 'session_id = ? AND user_id = ?', [session_id, user_id]),
    findActive: (user_id, event_id, visibility) =>
      findSession(
        pool,
        `event_id = ? AND user_id = ? AND active_slot IN (1, 2) ${visibility === undefined ? '' : 'AND visibility = ?'}
         ORDER BY active_slot LIMIT 1`,
        [event_id, user_id, ...(visibility === undefined ? [] : [visibility])],
      ),
    async list(user_id, event_id, { cursor, limit }) {
      const found = await db
        .select({ ...SESSION_COLUMNS, active: sql.raw(isActiveSession('chat_sessions')).mapWith(Boolean) })
        .from(chatSessions)
        .where(
          and(
            isOwn(user_id, event_id),
            ifGiven(cursor, (session_id) => isOlderThanSession(db, user_id, session_id)),
          ),
        )
        .orderBy(desc(chatSessions.created_at), desc(chatSessions.session_id))
        .limit(limit + 1)
      return toItems(found, limit, (session) => session.session_id)
    },
    async countUnfinishedReplies(user_id, event_id) {
      const [row] = await db
        .select({ pending: count() })
        .from(chatSessions)
        .innerJoin(messages, eq(messages.chat_session_id, chatSessions.session_id), { forceIndex: 'idx_chat_session' })
        .where(and(isOwn(user_id, event_id), isNotNull(messages.due_at)))
      return row?.pending ?? 0
    },
  }
}

const isOwn = (user_id: string, event_id: string): SQL | undefined =>
  and(eq(chatSessions.event_id, event_id), eq(chatSessions.user_id, user_id))

async function findSession(tx: Pick<Tx, 'execute'>, where: string, values: string[]): Promise<ChatSession | undefined> {
  const [record] = await executeRows<SessionRecord>(tx, `${SELECT_SESSION} WHERE ${where}`, values)
  return record && toSession(record)
}

// Selects the sessions that are older than the cursor's session. A user has few sessions in an event, so sorting costs
// little. If the session is another user's or does not exist, nothing is selected.
function isOlderThanSession(db: Database, user_id: string, session_id: string): SQL {
  const cursorSession = alias(chatSessions, 'last')
  const cursor = db
    .select({ created_at: cursorSession.created_at, session_id: cursorSession.session_id })
    .from(cursorSession)
    .where(and(eq(cursorSession.session_id, session_id), eq(cursorSession.user_id, user_id)))
  return sql`(${chatSessions.created_at}, ${chatSessions.session_id}) < ${cursor}`
}

async function createSession(tx: Tx, session: Parameters<SessionStore['create']>[0]): Promise<ChatSession> {
  const { session_id, event_id, user_id } = session
  if (!(await lockRoom(tx, event_id))) throw new ChatError('event_not_found')
  await toDatabase(tx).insert(chatSessions).values(session)
  const activeSessions = await selectSessionsWithSlot(tx, event_id, user_id)
  const changes = planSlotsAfterUse(activeSessions, { ...session, active_slot: null })
  await runTogether(tx, [...emptySlots(changes), ...fillSlots(changes)])
  const created = await findSession(tx, 'session_id = ?', [session_id])
  if (!created) throw new ChatError('session_not_found')
  return created
}
