import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import { anEvent, aUser, type Harness } from '../harness.ts'

export function proveMemberLists(t: Test, { stores }: Harness): void {
  const { events } = stores

  t.test('[EVENT6] putting a member a second time changes the role', async (t) => {
    const { event_id, memberIds } = await anEventWithMembers(stores)
    const [user_id = ''] = memberIds

    const member = await events.putMember(event_id, user_id, 'responder')

    t.match(member, { event_id, user_id, username: `user-${user_id}`, role: 'responder' })
    t.same((await events.listMembers(event_id, { limit: 2 })).items[0], member)
  })

  t.test('[EVENT6] members are listed page by page', async (t) => {
    const { event_id, memberIds } = await anEventWithMembers(stores)

    const firstPage = await events.listMembers(event_id, { limit: 2 })
    const lastPage = await events.listMembers(event_id, { limit: 2, cursor: firstPage.next_cursor ?? '' })

    t.same(
      [...firstPage.items, ...lastPage.items].map((member) => member.user_id),
      memberIds,
    )
    t.equal(lastPage.next_cursor, null)
  })

  t.test('[EVENT6] a member who was removed cannot be removed again', async (t) => {
    const { event_id, memberIds } = await anEventWithMembers(stores)
    const [user_id = ''] = memberIds

    await events.removeMember(event_id, user_id)

    t.equal((await events.listMembers(event_id, { limit: 5 })).items.length, memberIds.length - 1)
    await t.rejects(events.removeMember(event_id, user_id), { code: 'member_not_found' })
  })

  t.test('[EVENT6] a member needs an existing user and an existing event', async (t) => {
    const [{ event_id }, user_id] = await Promise.all([anEvent(stores), aUser(stores)])
    await t.rejects(events.putMember(event_id, createId(), 'observer'), { code: 'user_not_found' })
    await t.rejects(events.putMember(createId(), user_id, 'observer'), { code: 'event_not_found' })
  })
}

export function proveLastCommander(t: Test, { stores }: Harness): void {
  const { events } = stores
  const guard = { keepLastCommander: true }

  t.test('[EVENT7] the last active commander can neither be removed nor get another role', async (t) => {
    const { event_id, commander } = await anEventWithCommander(stores)
    const inactive = await aUser(stores)
    await events.putMember(event_id, inactive, 'commander')
    await stores.users.update(inactive, { active: false })
    await t.rejects(events.removeMember(event_id, commander, guard), { code: 'last_commander' })
    await t.rejects(events.putMember(event_id, commander, 'observer', guard), { code: 'last_commander' })
    t.match(await events.putMember(event_id, commander, 'commander', guard), { role: 'commander' })
  })

  t.test('[EVENT7] of two commanders who are removed at the same time, one stays', async (t) => {
    const { event_id, commander } = await anEventWithCommander(stores)
    const second = await aUser(stores)
    await events.putMember(event_id, second, 'commander')

    const removed = await Promise.allSettled(
      [commander, second].map((user_id) => events.removeMember(event_id, user_id, guard)),
    )

    t.same(removed.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  })

  t.test('[EVENT7] without `keepLastCommander`, the last commander can be removed', async (t) => {
    const { event_id, commander } = await anEventWithCommander(stores)
    await events.removeMember(event_id, commander)
    t.same((await events.listMembers(event_id, { limit: 5 })).items, [])
  })
}

/** Puts three observers into an event. `memberIds` are in the order of `listMembers`. */
async function anEventWithMembers(stores: Stores): Promise<{ event_id: string; memberIds: string[] }> {
  const { event_id } = await anEvent(stores, { access: 'restricted' })
  const memberIds = (await Promise.all([aUser(stores), aUser(stores), aUser(stores)])).toSorted()
  for (const user_id of memberIds) await stores.events.putMember(event_id, user_id, 'observer')
  return { event_id, memberIds }
}

async function anEventWithCommander(stores: Stores): Promise<{ event_id: string; commander: string }> {
  const commander = await aUser(stores)
  const { event_id } = await anEvent(stores, { access: 'restricted', created_by: commander })
  return { event_id, commander }
}
