import type { User } from '@engineer-chat/protocol'
import t from 'tap'
import { startFakePage } from '../testing/fake-page.ts'

const page = startFakePage()
const { addUser, loadMoreUsers, loadUsers, useUsers } = await import('../src/state/people/users.ts')

const createUser = (username: string): User => ({
  user_id: `id of ${username}`,
  username,
  role: 'engineer',
  active: true,
  created_at: '2026-03-01T10:00:00.000Z',
})
const listNames = () => useUsers.getState().users.map(({ username }) => username)

const toPage = (names: string[], next_cursor: string | null) => ({ items: names.map(createUser), next_cursor })
const add = (username: string) =>
  page.runWithResponse(
    () => addUser({ username, password: 'a long enough password', role: 'engineer' }),
    createUser(username),
  )

t.test('[USER2] a user who was added before all pages were loaded is listed once, by name', async (t) => {
  await page.runWithResponse(loadUsers, toPage(['ann', 'bob'], 'bob'))
  await add('mia')
  await add('zoe')

  await page.runWithResponse(loadMoreUsers, toPage(['cat', 'mia'], 'mia'))
  t.same(listNames(), ['ann', 'bob', 'cat', 'mia', 'zoe'])

  await page.runWithResponse(loadMoreUsers, toPage(['zoe'], null))
  t.same(listNames(), ['ann', 'bob', 'cat', 'mia', 'zoe'])
})
