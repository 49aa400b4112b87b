import type { CreateUser, UpdateUser, User } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { createLoadOrder } from '../page/load-order.ts'
import { client } from './sign-in.ts'

const PAGE_SIZE = 100

interface UsersView {
  users: readonly User[]
  nextCursor: string | null
  errorKind: ErrorKind | null
}

export const useUsers = create<UsersView>(() => ({ users: [], nextCursor: null, errorKind: null }))

const registerLoad = createLoadOrder()

export async function loadUsers(): Promise<void> {
  const isNewestResult = registerLoad()
  try {
    const { items, next_cursor } = await client.listUsers({ limit: PAGE_SIZE })
    if (isNewestResult()) useUsers.setState({ users: items, nextCursor: next_cursor, errorKind: null })
  } catch (error) {
    if (isNewestResult()) useUsers.setState({ errorKind: toErrorKind(error) })
  }
}

export async function loadMoreUsers(): Promise<void> {
  const { nextCursor } = useUsers.getState()
  if (nextCursor === null) return
  const { items, next_cursor } = await client.listUsers({ limit: PAGE_SIZE, cursor: nextCursor })
  // The list was loaded again meanwhile, so this page may not follow its last user.
  if (useUsers.getState().nextCursor !== nextCursor) return
  // The fetched users may include one that `addUser` has already put into the list.
  const fetchedIds = new Set(items.map(({ user_id }) => user_id))
  useUsers.setState(({ users }) => ({
    users: sortByName([...users.filter(({ user_id }) => !fetchedIds.has(user_id)), ...items]),
    nextCursor: next_cursor,
  }))
}

const sortByName = (users: readonly User[]): User[] =>
  users.toSorted((one, other) => (one.username < other.username ? -1 : 1))

export async function addUser(user: CreateUser): Promise<void> {
  const createdUser = await client.createUser(user)
  useUsers.setState(({ users }) => ({ users: sortByName([...users, createdUser]) }))
}

export async function updateUser(user_id: string, changes: UpdateUser): Promise<void> {
  const updatedUser = await client.updateUser(user_id, changes)
  useUsers.setState(({ users }) => ({ users: users.map((user) => (user.user_id === user_id ? updatedUser : user)) }))
}
