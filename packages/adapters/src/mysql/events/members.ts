import type { KeepCommander } from '@engineer-chat/chat/events'
import { ChatError, type Items } from '@engineer-chat/chat/shared'
import type { EventMember, MemberRole } from '@engineer-chat/protocol'
import type { Pool, ResultSetHeader } from 'mysql2/promise'
import { executeRows, queryRows, type TableRow, type Tx, toIso, toItems, transaction } from '../core/index.ts'
import type { eventMembers, users } from '../schema/index.ts'
import { getEvent } from './read-event.ts'

type MemberRecord = EventMember

const SELECT = `SELECT m.event_id, m.user_id, u.username, m.role, m.created_at FROM event_members m
  JOIN users u ON u.user_id = m.user_id WHERE m.event_id = ?`

const toMember = ({ event_id, user_id, username, role, created_at }: MemberRecord): EventMember => ({
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
  const rows = await queryRows<MemberRecord>(pool, `${SELECT} AND m.user_id > ? ORDER BY m.user_id LIMIT ?`, [
    event_id,
    cursor,
    limit + 1,
  ])
  return toItems(rows.map(toMember), limit, (member) => member.user_id)
}

export function putMember(
  pool: Pool,
  event_id: string,
  user_id: string,
  role: MemberRole,
  keep?: KeepCommander,
): Promise<EventMember> {
  return transaction(pool, async (tx) => {
    if (role !== 'commander' && keep?.keep_commander) await requireOtherCommander(tx, event_id, user_id)
    return put(tx, event_id, user_id, role)
  })
}

async function put(tx: Tx, event_id: string, user_id: string, role: MemberRole): Promise<EventMember> {
  await tx.execute(
    `INSERT INTO event_members (event_id, user_id, role)
     SELECT e.event_id, u.user_id, ? FROM events e JOIN users u ON u.user_id = ? WHERE e.event_id = ?
     ON DUPLICATE KEY UPDATE role = VALUES(role)`,
    [role, user_id, event_id],
  )
  const [row] = await executeRows<MemberRecord>(tx, `${SELECT} AND m.user_id = ?`, [event_id, user_id])
  if (row) return { ...toMember(row), role }
  await getEvent(tx, event_id)
  throw new ChatError('user_not_found')
}

export function removeMember(pool: Pool, event_id: string, user_id: string, keep?: KeepCommander): Promise<void> {
  return transaction(pool, async (tx) => {
    if (keep?.keep_commander) await requireOtherCommander(tx, event_id, user_id)
    const [gone] = await tx.execute<ResultSetHeader>('DELETE FROM event_members WHERE event_id = ? AND user_id = ?', [
      event_id,
      user_id,
    ])
    if (gone.affectedRows === 0) throw new ChatError('member_not_found')
  })
}

/** Locks the event's commanders: if two remove each other at once, one stays. */
async function requireOtherCommander(tx: Tx, event_id: string, user_id: string): Promise<void> {
  const commanders = await executeRows<
    Pick<TableRow<typeof eventMembers>, 'user_id'> & Pick<TableRow<typeof users>, 'active'>
  >(
    tx,
    `SELECT m.user_id, u.active FROM event_members m JOIN users u ON u.user_id = m.user_id
     WHERE m.event_id = ? AND m.role = 'commander' FOR UPDATE`,
    [event_id],
  )
  if (!commanders.some((one) => one.user_id === user_id)) return
  if (!commanders.some((one) => one.user_id !== user_id && one.active)) throw new ChatError('last_commander')
}
