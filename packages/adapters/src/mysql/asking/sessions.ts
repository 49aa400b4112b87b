import type { SessionStore } from '@engineer-chat/chat/asking'
import { ChatError } from '@engineer-chat/chat/shared'
import type { ChatSession } from '@engineer-chat/protocol'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import { lockRoom, type Tx, toIso, toItems, transaction } from '../core/index.ts'

interface SessionRecord extends RowDataPacket, Omit<ChatSession, 'active'> {
  active_slot: number | null
}

const SELECT = `SELECT session_id, event_id, user_id, visibility, active_slot, rounds, max_rounds, created_at, updated_at
  FROM chat_sessions`

const toSession = (record: SessionRecord): ChatSession => ({
  session_id: record.session_id,
  event_id: record.event_id,
  user_id: record.user_id,
  visibility: record.visibility,
  active: record.active_slot !== null,
  rounds: record.rounds,
  max_rounds: record.max_rounds,
  created_at: toIso(record.created_at),
  updated_at: toIso(record.updated_at),
})

export function createSessionStore(pool: Pool): SessionStore {
  const one = async (tx: Pick<Tx, 'execute'>, where: string, values: string[]): Promise<ChatSession | undefined> => {
    const [[row]] = await tx.execute<SessionRecord[]>(`${SELECT} WHERE ${where}`, values)
    return row && toSession(row)
  }
  return {
    create: (session) =>
      transaction(pool, async (tx) => {
        await insert(tx, session)
        const created = await one(tx, 'session_id = ?', [session.session_id])
        if (!created) throw new ChatError('session_not_found')
        return created
      }),
    find: (user_id, session_id) => one(pool, 'session_id = ? AND user_id = ?', [session_id, user_id]),
    findActive: (user_id, event_id) =>
      one(pool, 'event_id = ? AND user_id = ? AND active_slot = 1', [event_id, user_id]),
    async list(user_id, event_id, { cursor, limit }) {
      const [rows] = await pool.query<SessionRecord[]>(
        `${SELECT} WHERE event_id = ? AND user_id = ? ${cursor === undefined ? '' : `AND ${BEFORE_CURSOR}`}
         ORDER BY created_at DESC, session_id DESC LIMIT ?`,
        [event_id, user_id, ...(cursor === undefined ? [] : [cursor, user_id]), limit + 1],
      )
      return toItems(rows.map(toSession), limit, (session) => session.session_id)
    },
    async countPendingReplies(user_id, event_id) {
      const [[row]] = await pool.execute<RowDataPacket[]>(PENDING, [event_id, user_id])
      return Number(row?.pending)
    },
  }
}

// A user has few sessions in an event: sorting them costs nothing. Another's session leads nowhere, like none.
const BEFORE_CURSOR = `(created_at, session_id) <
  (SELECT c.created_at, c.session_id FROM chat_sessions c WHERE c.session_id = ? AND c.user_id = ?)`

const PENDING = `SELECT COUNT(*) AS pending FROM chat_sessions s
  JOIN messages m FORCE INDEX (idx_chat_session) ON m.chat_session_id = s.session_id
  WHERE s.event_id = ? AND s.user_id = ? AND m.due_at IS NOT NULL`

async function insert(tx: Tx, session: Parameters<SessionStore['create']>[0]): Promise<void> {
  const { session_id, event_id, user_id, visibility, max_rounds, carried_over = null } = session
  if (!(await lockRoom(tx, event_id))) throw new ChatError('event_not_found')
  await tx.execute(
    'UPDATE chat_sessions SET active_slot = NULL WHERE event_id = ? AND user_id = ? AND active_slot = 1',
    [event_id, user_id],
  )
  await tx.execute(
    `INSERT INTO chat_sessions (session_id, event_id, user_id, visibility, active_slot, max_rounds, carried_over)
     VALUES (?, ?, ?, ?, 1, ?, ?)`,
    [session_id, event_id, user_id, visibility, max_rounds, carried_over],
  )
}
