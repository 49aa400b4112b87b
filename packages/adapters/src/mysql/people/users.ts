import type { UserStore } from '@engineer-chat/chat/people'
import { ChatError } from '@engineer-chat/chat/shared'
import type { User } from '@engineer-chat/protocol'
import type { Pool, ResultSetHeader } from 'mysql2/promise'
import { executeRows, isDuplicateKey, queryRows, type Tx, toIso, toItems, transaction } from '../core/index.ts'

export interface UserRecord extends Omit<User, 'active'> {
  active: number
}

export const USER_COLUMNS = 'u.user_id, u.username, u.role, u.active, u.created_at'

export const toUser = ({ user_id, username, role, active, created_at }: UserRecord): User => ({
  user_id,
  username,
  role,
  active: active === 1,
  created_at: toIso(created_at),
})

/** Calls `changed` when a user's rights have changed. */
export function createUserStore(pool: Pool, changed: () => void): UserStore {
  return {
    async create({ user_id, username, password_hash, role }) {
      try {
        await pool.execute('INSERT INTO users (user_id, username, password_hash, role) VALUES (?, ?, ?, ?)', [
          user_id,
          username,
          password_hash,
          role,
        ])
      } catch (error) {
        throw isDuplicateKey(error) ? new ChatError('username_taken') : error
      }
      return getUser(pool, user_id)
    },
    createFirst: (user) => createFirst(pool, user),
    find: (user_id) => read(pool, user_id),
    async findCredentials(username) {
      const [row] = await executeRows<UserRecord & { password_hash: string }>(
        pool,
        `SELECT ${USER_COLUMNS}, u.password_hash FROM users u WHERE u.username = ?`,
        [username],
      )
      if (row?.username !== username) return undefined // MySQL's comparison ignores blanks at the end.
      return { user: toUser(row), password_hash: row.password_hash }
    },
    async list({ cursor = '', limit }) {
      const rows = await queryRows<UserRecord>(
        pool,
        `SELECT ${USER_COLUMNS} FROM users u WHERE u.username > ? ORDER BY u.username LIMIT ?`,
        [cursor, limit + 1],
      )
      return toItems(rows.map(toUser), limit, (user) => user.username)
    },
    async update(user_id, changes) {
      const user = await transaction(pool, (tx) => update(tx, user_id, changes))
      changed()
      return user
    },
  }
}

/** Two concurrent calls both see an empty table. Both insert the same primary key, so that only one succeeds. */
async function createFirst(pool: Pool, user: Parameters<UserStore['createFirst']>[0]): Promise<User | undefined> {
  const { user_id, username, password_hash, role } = user
  const insert = (tx: Tx) =>
    tx.execute<ResultSetHeader>(
      `INSERT INTO users (user_id, username, password_hash, role)
       SELECT ?, ?, ?, ? FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM users)`,
      [user_id, username, password_hash, role],
    )
  try {
    const [{ affectedRows }] = await transaction(pool, insert)
    return affectedRows === 1 ? getUser(pool, user_id) : undefined
  } catch (error) {
    if (isDuplicateKey(error)) return undefined
    throw error
  }
}

async function read(tx: Pick<Tx, 'execute'>, user_id: string): Promise<User | undefined> {
  const [row] = await executeRows<UserRecord>(tx, `SELECT ${USER_COLUMNS} FROM users u WHERE u.user_id = ?`, [user_id])
  return row && toUser(row)
}

async function getUser(tx: Pick<Tx, 'execute'>, user_id: string): Promise<User> {
  const user = await read(tx, user_id)
  if (!user) throw new ChatError('user_not_found')
  return user
}

async function update(tx: Tx, user_id: string, changes: Parameters<UserStore['update']>[1]): Promise<User> {
  const before = await lock(tx, user_id, changes.active === false || (changes.role ?? 'admin') !== 'admin')
  const { role = before.role, active = before.active, password_hash = null } = changes
  await tx.execute(
    `UPDATE users SET role = ?, active = ?, password_hash = COALESCE(?, password_hash), updated_at = NOW(3)
     WHERE user_id = ?`,
    [role, active, password_hash, user_id],
  )
  if (role !== before.role || !active || password_hash !== null) {
    await tx.execute('UPDATE sign_ins SET ended_at = NOW(3) WHERE user_id = ? AND ended_at IS NULL', [user_id])
  }
  return { ...before, role, active }
}

/** Locks the user and, when an admin may be lost, every active admin too. One order makes two who demote each other queue. */
async function lock(tx: Tx, user_id: string, mayDemote: boolean): Promise<User> {
  const others = mayDemote ? "OR (u.role = 'admin' AND u.active = 1)" : ''
  const rows = await executeRows<UserRecord>(
    tx,
    `SELECT ${USER_COLUMNS} FROM users u FORCE INDEX (PRIMARY) WHERE u.user_id = ? ${others}
     ORDER BY u.user_id FOR UPDATE`,
    [user_id],
  )
  const users = rows.map(toUser)
  const user = users.find((one) => one.user_id === user_id)
  if (!user) throw new ChatError('user_not_found')
  if (mayDemote && isActiveAdmin(user) && users.filter(isActiveAdmin).length === 1) throw new ChatError('last_admin')
  return user
}

const isActiveAdmin = (user: User): boolean => user.role === 'admin' && user.active
