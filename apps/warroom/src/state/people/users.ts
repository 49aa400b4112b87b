import type { CreateUser, UpdateUser, User } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from './session.ts'

export const useUsers = create<{ users: readonly User[]; next: string | null; loaded: boolean }>(() => ({
  users: [],
  next: null,
  loaded: false,
}))

export async function loadUsers(): Promise<void> {
  const { items, next_cursor } = await client.users({ limit: 100 })
  useUsers.setState({ users: items, next: next_cursor, loaded: true })
}

export async function loadMoreUsers(): Promise<void> {
  const { next } = useUsers.getState()
  if (next === null) return
  const { items, next_cursor } = await client.users({ limit: 100, cursor: next })
  useUsers.setState(({ users }) => ({ users: [...users, ...items], next: next_cursor }))
}

export async function addUser(user: CreateUser): Promise<void> {
  const created = await client.createUser(user)
  useUsers.setState(({ users }) => ({
    users: [...users, created].sort((a, b) => (a.username < b.username ? -1 : 1)),
  }))
}

export async function changeUser(user_id: string, changes: UpdateUser): Promise<void> {
  const changed = await client.updateUser(user_id, changes)
  useUsers.setState(({ users }) => ({ users: users.map((user) => (user.user_id === user_id ? changed : user)) }))
}
