import { type SignInRef, toAccessKey, type UncachedRights } from '@engineer-chat/chat/people'
import type { AccessAndRole } from '@engineer-chat/chat/shared'
import type { EventMember, User } from '@engineer-chat/protocol'
import type { Pool } from 'mysql2/promise'
import { queryRows } from '../core/index.ts'

/** Reads the rights of many callers by primary keys: all sign-ins in one statement, and all roles in events in one. */
export function createUncachedRights(pool: Pool): UncachedRights {
  return {
    async findPrincipals(signIns) {
      if (signIns.length === 0) return new Map()
      const rows = await queryRows<SignInRef & Pick<User, 'role'>>(
        pool,
        `SELECT s.sign_in_id, s.user_id, u.role FROM sign_ins s JOIN users u ON u.user_id = s.user_id
         WHERE s.sign_in_id IN (?) AND s.ended_at IS NULL AND u.active = 1`,
        [removeDuplicates(signIns.map((signIn) => signIn.sign_in_id))],
      )
      const userIds = new Map(signIns.map((signIn) => [signIn.sign_in_id, signIn.user_id]))
      const ownRows = rows.filter((row) => userIds.get(row.sign_in_id) === row.user_id)
      return new Map(ownRows.map(({ sign_in_id, role }) => [sign_in_id, { role }]))
    },

    async findAccessAndRoles(pairs) {
      if (pairs.length === 0) return new Map()
      type AccessAndRoleRow = Pick<AccessAndRole, 'access'> & {
        event_id: string
        user_id: string | null
        role: EventMember['role']
      }
      const rows = await queryRows<AccessAndRoleRow>(
        pool,
        `SELECT e.event_id, e.access, m.user_id, m.role FROM events e
         LEFT JOIN event_members m ON m.event_id = e.event_id AND m.user_id IN (?) WHERE e.event_id IN (?)`,
        [removeDuplicates(pairs.map((pair) => pair.user_id)), removeDuplicates(pairs.map((pair) => pair.event_id))],
      )
      const accessByEvent = new Map(rows.map((row) => [row.event_id, row.access]))
      const rolesByKey = new Map(rows.map((row) => [toAccessKey(row.user_id ?? '', row.event_id), row.role]))
      const entries = pairs.flatMap(({ user_id, event_id }) => {
        const [key, access] = [toAccessKey(user_id, event_id), accessByEvent.get(event_id)]
        return access ? [[key, { access, role: rolesByKey.get(key) ?? null }] as const] : []
      })
      return new Map(entries)
    },
  }
}

const removeDuplicates = (ids: string[]): string[] => [...new Set(ids)]
