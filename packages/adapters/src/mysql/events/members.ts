import type { CommanderGuard } from '@engineer-chat/chat/events'
import { ChatError, type Items } from '@engineer-chat/chat/shared'
import type { EventMember, MemberRole } from '@engineer-chat/protocol'
import { and, asc, eq, gt, type SQL, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { type Database, insertSelected, type Tx, toDatabase, toItems, transaction } from '../core/index.ts'
import { eventMembers, events, users } from '../schema/index.ts'
import { getEvent } from './read-event.ts'

const MEMBER_FIELDS = {
  event_id: eventMembers.event_id,
  user_id: eventMembers.user_id,
  username: users.username,
  role: eventMembers.role,
  created_at: eventMembers.created_at,
} satisfies Record<keyof EventMember, unknown>

const selectMembers = (db: Database, event_id: string, where?: SQL) =>
  db
    .select(MEMBER_FIELDS)
    .from(eventMembers)
    .innerJoin(users, eq(users.user_id, eventMembers.user_id))
    .where(and(eq(eventMembers.event_id, event_id), where))

export async function listMembers(
  db: Database,
  event_id: string,
  { cursor = '', limit }: { cursor?: string; limit: number },
): Promise<Items<EventMember>> {
  const found = await selectMembers(db, event_id, gt(eventMembers.user_id, cursor))
    .orderBy(asc(eventMembers.user_id))
    .limit(limit + 1)
  return toItems(found, limit, (member) => member.user_id)
}

export const putMember = (
  pool: Pool,
  event_id: string,
  user_id: string,
  role: MemberRole,
  guard?: CommanderGuard,
): Promise<EventMember> =>
  transaction(pool, async (tx) => {
    const db = toDatabase(tx)
    if (role !== 'commander' && guard?.keepLastCommander) await requireOtherCommander(db, event_id, user_id)
    return storeMember(tx, event_id, user_id, role)
  })

async function storeMember(tx: Tx, event_id: string, user_id: string, role: MemberRole): Promise<EventMember> {
  const db = toDatabase(tx)
  await insertSelected(
    db,
    eventMembers,
    { event_id: sql`${events.event_id}`, user_id: sql`${users.user_id}`, role },
    sql`FROM ${events} JOIN ${users} ON ${eq(users.user_id, user_id)} WHERE ${eq(events.event_id, event_id)}
      ON DUPLICATE KEY UPDATE role = VALUES(role)`,
  )
  const [member] = await selectMembers(db, event_id, eq(eventMembers.user_id, user_id))
  if (member) return { ...member, role }
  await getEvent(tx, event_id)
  throw new ChatError('user_not_found')
}

export const removeMember = (pool: Pool, event_id: string, user_id: string, guard?: CommanderGuard): Promise<void> =>
  transaction(pool, async (tx) => {
    const db = toDatabase(tx)
    if (guard?.keepLastCommander) await requireOtherCommander(db, event_id, user_id)
    const [removed] = await db
      .delete(eventMembers)
      .where(and(eq(eventMembers.event_id, event_id), eq(eventMembers.user_id, user_id)))
    if (removed.affectedRows === 0) throw new ChatError('member_not_found')
  })

/** Locks the event's commanders, so that one stays if two of them remove each other at the same time. */
async function requireOtherCommander(db: Database, event_id: string, user_id: string): Promise<void> {
  const commanders = await db
    .select({ user_id: eventMembers.user_id, active: users.active })
    .from(eventMembers)
    .innerJoin(users, eq(users.user_id, eventMembers.user_id))
    .where(and(eq(eventMembers.event_id, event_id), eq(eventMembers.role, 'commander')))
    .for('update')
  if (!commanders.some((member) => member.user_id === user_id)) return
  if (!commanders.some((member) => member.user_id !== user_id && member.active)) throw new ChatError('last_commander')
}
