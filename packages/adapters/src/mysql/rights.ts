import { type Caller, type Membership, RIGHTS_MAX_AGE_MS, type Rights, type SignIn } from '@engineer-chat/chat'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import { freshCache } from './fresh-cache.ts'

/** Entries of each of the two caches: more than a node has callers within their age. */
const MAX_SIZE = 20_000

export interface CachedRights extends Rights {
  /** Rights were changed on this node: they are read anew at once. Other nodes see it within the caches' age. */
  forget(): void
}

/** Two reads by primary key, on the way of every request. `now` is the caches' clock, in milliseconds. */
export function mysqlRights(pool: Pool, now?: () => number): CachedRights {
  const age = { max_age_ms: RIGHTS_MAX_AGE_MS, max_size: MAX_SIZE, ...(now && { now }) }
  const callers = freshCache<Caller>(age)
  const memberships = freshCache<Membership>(age)

  const readCaller = async ({ user_id, sign_in_id }: SignIn): Promise<Caller | undefined> => {
    const [[row]] = await pool.execute<Array<Pick<Caller, 'role'> & RowDataPacket>>(
      `SELECT u.role FROM sign_ins s JOIN users u ON u.user_id = s.user_id
       WHERE s.sign_in_id = ? AND s.user_id = ? AND s.ended_at IS NULL AND u.active = 1`,
      [sign_in_id, user_id],
    )
    return row && { user_id, role: row.role }
  }
  const readMembership = async (user_id: string, event_id: string): Promise<Membership | undefined> => {
    const [[row]] = await pool.execute<Array<Membership & RowDataPacket>>(
      `SELECT e.access, m.role AS member FROM events e
       LEFT JOIN event_members m ON m.event_id = e.event_id AND m.user_id = ? WHERE e.event_id = ?`,
      [user_id, event_id],
    )
    return row && { access: row.access, member: row.member }
  }

  const rights: Rights = {
    caller: (one) => callers.get(`${one.sign_in_id} ${one.user_id}`, () => readCaller(one)),
    membership: (user_id, event_id) =>
      memberships.get(`${user_id} ${event_id}`, () => readMembership(user_id, event_id)),
  }
  return {
    ...rights,
    forget() {
      callers.clear()
      memberships.clear()
    },
  }
}
