import { ChatError, type Items } from '@engineer-chat/chat'
import type { EventMember, MemberRole } from '@engineer-chat/protocol'
import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import { toIso } from './columns.ts'
import { itemsOf } from './keyset.ts'
import { existingEvent } from './read-event.ts'

interface MemberRecord extends RowDataPacket, EventMember {}

const SELECT = `SELECT m.event_id, m.user_id, u.username, m.role, m.created_at FROM event_members m
  JOIN users u ON u.user_id = m.user_id WHERE m.event_id = ?`

const memberOf = ({ event_id, user_id, username, role, created_at }: MemberRecord): EventMember => ({
  event_id,
  user_id,
  username,
  role,
  created_at: toIso(created_at),
})

export async function listMembers(
  pool: Pool,
  event_id: string,
  { cursor = '', limit }: { cursor?: string; limit: number },
): Promise<Items<EventMember>> {
  const [rows] = await pool.query<MemberRecord[]>(`${SELECT} AND m.user_id > ? ORDER BY m.user_id LIMIT ?`, [
    event_id,
    cursor,
    limit + 1,
  ])
  return itemsOf(rows.map(memberOf), limit, (member) => member.user_id)
}

export async function putMember(pool: Pool, event_id: string, user_id: string, role: MemberRole): Promise<EventMember> {
  await pool.execute(
    `INSERT INTO event_members (event_id, user_id, role)
     SELECT e.event_id, u.user_id, ? FROM events e JOIN users u ON u.user_id = ? WHERE e.event_id = ?
     ON DUPLICATE KEY UPDATE role = VALUES(role)`,
    [role, user_id, event_id],
  )
  const [[row]] = await pool.execute<MemberRecord[]>(`${SELECT} AND m.user_id = ?`, [event_id, user_id])
  if (row) return { ...memberOf(row), role }
  await existingEvent(pool, event_id)
  throw new ChatError('user_not_found')
}

export async function removeMember(pool: Pool, event_id: string, user_id: string): Promise<void> {
  const [gone] = await pool.execute<ResultSetHeader>('DELETE FROM event_members WHERE event_id = ? AND user_id = ?', [
    event_id,
    user_id,
  ])
  if (gone.affectedRows === 0) throw new ChatError('member_not_found')
}
