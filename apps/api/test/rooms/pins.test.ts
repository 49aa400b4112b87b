import type { RoomChange } from '@engineer-chat/chat/shared'
import type { Message } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { harness } from '../harness.ts'
import { isProblem } from '../problems.ts'

async function setUp(t: Test) {
  const h = await harness()
  t.teardown(() => h.close())
  const [alice, bob] = [await h.person('alice'), await h.person('bob')]
  const [captain, olga, admin] = [
    await h.person('captain', 'agent'),
    await h.person('olga'),
    await h.person('root', 'admin'),
  ]
  const event_id = await h.event(alice)
  await h.member(alice, event_id, olga, 'observer')
  const changes: RoomChange[] = []
  const { publish } = h.deps.bus
  h.deps.bus.publish = (change) => {
    changes.push(change)
    publish(change)
  }
  const posted = (
    await bob.call('POST', `/api/events/${event_id}/messages`, { message: 'the host is isolated' })
  ).json()
  const pins = `/api/events/${event_id}/pins`
  return { h, alice, bob, captain, olga, admin, event_id, changes, posted: posted as Message, pins }
}

t.test('[PIN5] people pin and unpin, observers and agents read; the room is told, and the audit', async (t) => {
  const { alice, bob, captain, olga, admin, event_id, changes, posted, pins } = await setUp(t)
  const one = `${pins}/${posted.message_id}`
  for (const who of [captain, olga]) {
    isProblem(t, await who.call('PUT', one), 403, 'forbidden')
    isProblem(t, await who.call('DELETE', one), 403, 'forbidden')
  }
  const pinned = await alice.call('PUT', one)
  t.equal(pinned.statusCode, 200)
  const { seq } = pinned.json()
  t.match(pinned.json(), { position: posted.position, created_at: posted.created_at, pinned: { user_id: 'u-alice' } })
  t.match(changes.at(-1), { event_id, first_seq: seq, seq, rows: [{ message: { pinned: { user_id: 'u-alice' } } }] })
  for (const who of [alice, captain, olga]) {
    t.same((await who.call('GET', pins)).json(), { items: [pinned.json()], next_cursor: null })
  }
  const told = changes.length
  t.same((await bob.call('PUT', one)).json(), pinned.json(), 'the first one stays')
  t.equal(changes.length, told, 'and nobody is told of nothing')
  const off = await bob.call('DELETE', one)
  t.notOk('pinned' in off.json())
  t.same((await olga.call('GET', pins)).json().items, [])
  t.equal(changes.length, told + 1)
  isProblem(t, await alice.call('PUT', `${pins}/none`), 404, 'message_not_found')
  const lines = (await admin.call('GET', `/api/admin/audit?event_id=${event_id}`)).json().items
  t.match(
    lines.reverse().filter(({ action }: { action: string }) => action.endsWith('pin')),
    [
      { action: 'pin', actor: 'u-alice', object_type: 'message', object_id: posted.message_id },
      { action: 'pin', actor: 'u-bob' },
      { action: 'unpin', actor: 'u-bob', object_id: posted.message_id },
    ],
  )
})

t.test('[PIN3] a private chat is pinned by nobody; its owner is told to share it first', async (t) => {
  const { alice, bob, captain, event_id, pins } = await setUp(t)
  const sent = (await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'who?' })).json()
  const one = `${pins}/${sent.user_message.message_id}`
  isProblem(t, await alice.call('PUT', one), 409, 'message_private')
  isProblem(t, await bob.call('PUT', one), 404, 'message_not_found')
  await alice.call('POST', `/api/engineer-chat/sessions/${sent.session_id}/share`)
  t.equal((await bob.call('PUT', one)).statusCode, 200)
  t.equal((await alice.call('GET', pins)).json().items.length, 1)
  t.same((await captain.call('GET', pins)).json().items, [], 'an agent sees no chat')
  isProblem(t, await alice.call('PUT', `${pins}/${sent.ai_message.message_id}`), 404, 'message_not_found')
})

t.test('[PIN6] what is pinned keeps its words: to ask again it is unpinned first', async (t) => {
  const { alice, bob, event_id, pins } = await setUp(t)
  const body = { event_id, message: 'who?', visibility: 'room' }
  const { message_id } = (await alice.call('POST', '/api/engineer-chat/send', body)).json().ai_message
  const retry = () => alice.call('POST', `/api/engineer-chat/messages/${message_id}/retry`)
  await alice.call('POST', `/api/engineer-chat/messages/${message_id}/cancel`)
  await bob.call('PUT', `${pins}/${message_id}`)
  isProblem(t, await retry(), 409, 'message_pinned')
  await alice.call('DELETE', `${pins}/${message_id}`)
  t.match((await retry()).json(), { message_type: 'thinking' })
})

t.test('[PIN2] evidence comes page by page', async (t) => {
  const { alice, bob, event_id, posted, pins } = await setUp(t)
  const ids = [posted.message_id]
  for (const message of ['two', 'three']) {
    ids.push((await bob.call('POST', `/api/events/${event_id}/messages`, { message })).json().message_id)
  }
  for (const id of ids.toReversed()) await alice.call('PUT', `${pins}/${id}`)
  const page = (await bob.call('GET', `${pins}?limit=2`)).json()
  const rest = (await bob.call('GET', `${pins}?limit=2&cursor=${page.next_cursor}`)).json()
  t.same(
    [...page.items, ...rest.items].map(({ message_id }) => message_id),
    ids,
  )
  t.equal(rest.next_cursor, null)
  isProblem(t, await bob.call('GET', `${pins}?cursor=x`), 400, 'validation_failed')
})

t.test('[PAGE6] a page goes on from a position, or has a message in its middle', async (t) => {
  const { alice, bob, event_id } = await setUp(t)
  const said: Message[] = []
  for (let n = 0; n < 9; n += 1) {
    said.push((await bob.call('POST', `/api/events/${event_id}/messages`, { message: `n${n}` })).json())
  }
  const texts = async (query: string, who = bob) => {
    const { messages, has_more } = (await who.call('GET', `/api/events/${event_id}/messages?${query}`)).json()
    return [messages.map((message: Message) => message.message_content.content), has_more]
  }
  t.same(await texts(`after=${said[1]?.position}&limit=3`), [['n2', 'n3', 'n4'], true])
  t.same(await texts(`after=${said[6]?.position}&limit=3`), [['n7', 'n8'], false])
  t.same(await texts(`around=${said[4]?.message_id}&limit=4`), [['n3', 'n4', 'n5', 'n6'], true])
  t.same(await texts(`around=${said[4]?.message_id}&limit=1`), [['n4'], true])
  t.same(await texts(`around=${said[0]?.message_id}&limit=4`), [['the host is isolated', 'n0', 'n1', 'n2'], false])
  const sent = (await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'private' })).json()
  const around = `/api/events/${event_id}/messages?around=${sent.user_message.message_id}`
  t.equal((await alice.call('GET', around)).statusCode, 200)
  isProblem(t, await bob.call('GET', around), 404, 'message_not_found')
  isProblem(t, await bob.call('GET', `/api/events/${event_id}/messages?before=3&after=1`), 400, 'validation_failed')
})
