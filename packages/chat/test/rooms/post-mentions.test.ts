import type { UserRole } from '@engineer-chat/protocol'
import t from 'tap'
import { postMessage } from '../../src/rooms/index.ts'
import type { Principal } from '../../src/shared/index.ts'
import { anEvent } from '../../testing/contracts/harness.ts'
import { createMemoryHints, createMemoryStores } from '../../testing/index.ts'

async function createRoom(access: 'open' | 'restricted') {
  const stores = createMemoryStores()
  const addUser = (username: string, role: UserRole = 'engineer') =>
    stores.users.create({ user_id: `u-${username}`, username, password_hash: 'x', role })
  await Promise.all([addUser('ada'), addUser('mei'), addUser('eve'), addUser('inactive')])
  await Promise.all([addUser('root', 'admin'), addUser('robot', 'agent')])
  await stores.users.update('u-inactive', { active: false })
  const { event_id } = await anEvent(stores, { access, created_by: 'u-ada' })
  await stores.events.putMember(event_id, 'u-mei', 'observer')
  const hints = createMemoryHints()
  const ctx = { ...stores, bus: hints.bus, queue: hints.queue }
  const post = (caller: Principal, message: string) => postMessage(ctx, caller, { event_id, message })
  return { ctx, event_id, post }
}

const ADA = { user_id: 'u-ada', role: 'engineer' } as const
const EVERYBODY = '@ada @mei @eve @inactive @root @robot @nobody'

t.test('[MENTION1] of the names that a text may mean, the longest name of a user is mentioned', async (t) => {
  const { ctx, post } = await createRoom('open')
  await ctx.users.create({ user_id: 'u-mei_', username: 'mei_', password_hash: 'x', role: 'engineer' })
  t.same((await post(ADA, 'Ask @mei_.')).mentions, ['u-mei_'])
  t.same((await post(ADA, 'Ask @eve_.')).mentions, ['u-eve'])
})

t.test('[MENTION4] in an open event every active person but the author is mentioned', async (t) => {
  const { post } = await createRoom('open')
  t.same((await post(ADA, EVERYBODY)).mentions, ['u-mei', 'u-eve', 'u-root'])
})

t.test('[MENTION4] in a restricted event only members and admins are mentioned', async (t) => {
  const { post } = await createRoom('restricted')
  t.same((await post(ADA, EVERYBODY)).mentions, ['u-mei', 'u-root'])
  t.equal((await post(ADA, '@eve')).mentions, undefined)
})

t.test('[MENTION4] an agent’s post mentions nobody', async (t) => {
  const { ctx, event_id } = await createRoom('open')
  const post = { message_from: '_captain', message_type: 'note', message_content: '@mei' } as const
  const posted = await postMessage(ctx, { user_id: 'u-robot', role: 'agent' }, { event_id, ...post })
  t.equal(posted.mentions, undefined)
})
