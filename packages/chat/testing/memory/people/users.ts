import type { User } from '@engineer-chat/protocol'
import type { UserStore } from '../../../src/people/user-store.ts'
import { ChatError } from '../../../src/shared/errors.ts'
import { getTimestamp, type MemoryData } from '../memory-data.ts'
import { compareText, paginate } from '../paginate.ts'

export function createMemoryUsers(data: MemoryData): UserStore {
  const findByName = (username: string) => [...data.users.values()].find(({ user }) => user.username === username)
  return {
    async create({ password_hash, ...input }) {
      if (findByName(input.username)) throw new ChatError('username_taken')
      const user: User = { ...input, active: true, created_at: getTimestamp(data) }
      data.users.set(user.user_id, { user, password_hash })
      return user
    },
    async createFirst({ password_hash, ...input }) {
      if (data.users.size > 0) return undefined
      const user: User = { ...input, active: true, created_at: getTimestamp(data) }
      data.users.set(user.user_id, { user, password_hash })
      return user
    },
    find: async (user_id) => data.users.get(user_id)?.user,
    findCredentials: async (username) => findByName(username),
    findByUsernames: async (usernames) => usernames.flatMap((username) => findByName(username)?.user ?? []),
    async list(query) {
      const users = [...data.users.values()].map(({ user }) => user)
      return paginate(
        users.sort((a, b) => compareText(a.username, b.username)),
        (user) => user.username,
        query,
      )
    },
    update: async (user_id, changes) => update(data, user_id, changes),
    async replacePasswordHash(user_id, { verified_hash, password_hash, kept_sign_in_id }) {
      const stored = data.users.get(user_id)
      if (!stored?.user.active || stored.password_hash !== verified_hash) return false
      data.users.set(user_id, { ...stored, password_hash })
      if (kept_sign_in_id !== undefined) endAll(data, user_id, kept_sign_in_id)
      return true
    },
  }
}

function update(data: MemoryData, user_id: string, changes: Parameters<UserStore['update']>[1]): User {
  const stored = data.users.get(user_id)
  if (!stored) throw new ChatError('user_not_found')
  const before = stored.user
  const user = { ...before, role: changes.role ?? before.role, active: changes.active ?? before.active }
  if (isActiveAdmin(before) && !isActiveAdmin(user)) {
    const otherAdmins = [...data.users.values()].filter(
      (other) => isActiveAdmin(other.user) && other.user.user_id !== user_id,
    )
    if (otherAdmins.length === 0) throw new ChatError('last_admin')
  }
  data.users.set(user_id, { user, password_hash: changes.password_hash ?? stored.password_hash })
  if (user.role !== before.role || !user.active || changes.password_hash !== undefined) endAll(data, user_id)
  return user
}

const isActiveAdmin = (user: User): boolean => user.active && user.role === 'admin'

function endAll(data: MemoryData, user_id: string, keptSignInId?: string): void {
  for (const [sign_in_id, signIn] of data.signIns) {
    if (signIn.user_id === user_id && sign_in_id !== keptSignInId) signIn.ended = true
  }
}
