import type { UserStore } from '@engineer-chat/chat/people'
import { ChatError } from '@engineer-chat/chat/shared'
import type { User } from '@engineer-chat/protocol'
import { and, asc, eq, gt, inArray, ne, or, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { type Database, insertSelected, isDuplicateKey, NOW, toDatabase, toItems, transaction } from '../core/index.ts'
import { signIns, users } from '../schema/index.ts'
import { endSignIns } from './end-sign-ins.ts'
import { USER_FIELDS } from './user-fields.ts'

/** Calls `onRightsChange` when a user's rights have changed. */
export function createUserStore(pool: Pool, onRightsChange: () => void): UserStore {
  const db = toDatabase(pool)
  return {
    async create(user) {
      try {
        await db.insert(users).values(user)
      } catch (error) {
        throw isDuplicateKey(error) ? new ChatError('username_taken') : error
      }
      return getUser(db, user.user_id)
    },
    createFirst: (user) => createFirst(pool, user),
    find: (user_id) => findUser(db, user_id),
    async findCredentials(username) {
      const [found] = await db
        .select({ user: USER_FIELDS, password_hash: users.password_hash })
        .from(users)
        .where(eq(users.username, username))
      return found?.user.username === username ? found : undefined // MySQL's comparison ignores blanks at the end.
    },
    async findByUsernames(usernames) {
      if (usernames.length === 0) return []
      return db.select(USER_FIELDS).from(users).where(inArray(users.username, usernames))
    },
    async list({ cursor = '', limit }) {
      const found = await db
        .select(USER_FIELDS)
        .from(users)
        .where(gt(users.username, cursor))
        .orderBy(asc(users.username))
        .limit(limit + 1)
      return toItems(found, limit, (user) => user.username)
    },
    async update(user_id, changes) {
      const user = await transaction(pool, (tx) => updateUser(toDatabase(tx), user_id, changes))
      onRightsChange()
      return user
    },
    async replacePasswordHash(user_id, replacement) {
      const isReplaced = await transaction(pool, (tx) => replacePasswordHash(toDatabase(tx), user_id, replacement))
      if (replacement.kept_sign_in_id !== undefined) onRightsChange()
      return isReplaced
    },
  }
}

/** The condition on the verified hash lets only one of two concurrent changes succeed. */
async function replacePasswordHash(
  db: Database,
  user_id: string,
  { verified_hash, password_hash, kept_sign_in_id }: Parameters<UserStore['replacePasswordHash']>[1],
): Promise<boolean> {
  const [replaced] = await db
    .update(users)
    .set({ password_hash, updated_at: NOW })
    .where(and(eq(users.user_id, user_id), eq(users.password_hash, verified_hash), eq(users.active, true)))
  if (replaced.affectedRows === 0) return false
  if (kept_sign_in_id !== undefined) {
    const isOther = sql`${and(eq(signIns.user_id, user_id), ne(signIns.sign_in_id, kept_sign_in_id))}`
    await endSignIns(db, isOther)
  }
  return true
}

/** Two concurrent calls may both see an empty table. Both insert the same primary key, so that only one succeeds. */
async function createFirst(pool: Pool, user: Parameters<UserStore['createFirst']>[0]): Promise<User | undefined> {
  const ifNobody = sql`FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM ${users})`
  try {
    const created = await transaction(pool, (tx) => insertSelected(toDatabase(tx), users, user, ifNobody))
    return created === 1 ? getUser(toDatabase(pool), user.user_id) : undefined
  } catch (error) {
    if (isDuplicateKey(error)) return undefined
    throw error
  }
}

async function findUser(db: Database, user_id: string): Promise<User | undefined> {
  const [user] = await db.select(USER_FIELDS).from(users).where(eq(users.user_id, user_id))
  return user
}

async function getUser(db: Database, user_id: string): Promise<User> {
  const user = await findUser(db, user_id)
  if (!user) throw new ChatError('user_not_found')
  return user
}

async function updateUser(db: Database, user_id: string, changes: Parameters<UserStore['update']>[1]): Promise<User> {
  const before = await lockUser(db, user_id, changes.active === false || (changes.role ?? 'admin') !== 'admin')
  const { role = before.role, active = before.active, password_hash } = changes
  await db
    .update(users)
    .set({ role, active, ...(password_hash !== undefined && { password_hash }), updated_at: NOW })
    .where(eq(users.user_id, user_id))
  if (role !== before.role || !active || password_hash !== undefined) await endSignIns(db, eq(signIns.user_id, user_id))
  return { ...before, role, active }
}

/**
 * Locks the row of the user and, if the change may take an admin away, the rows of all active admins, in one order. If
 * two admins demote each other at the same time, the second change waits for the first one and sees it.
 */
async function lockUser(db: Database, user_id: string, isDemotion: boolean): Promise<User> {
  const isAdmin = and(eq(users.role, 'admin'), eq(users.active, true))
  const locked = await db
    .select(USER_FIELDS)
    .from(users, { forceIndex: 'PRIMARY' })
    .where(or(eq(users.user_id, user_id), isDemotion ? isAdmin : undefined))
    .orderBy(users.user_id)
    .for('update')
  const user = locked.find((lockedUser) => lockedUser.user_id === user_id)
  if (!user) throw new ChatError('user_not_found')
  if (isDemotion && isActiveAdmin(user) && locked.filter(isActiveAdmin).length === 1) throw new ChatError('last_admin')
  return user
}

const isActiveAdmin = (user: User): boolean => user.role === 'admin' && user.active
