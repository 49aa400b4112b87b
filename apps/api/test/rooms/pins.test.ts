import type { RoomChange } from '@engineer-chat/chat/shared'
import type { Message } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createHarness } from '../harness.ts'
import { checkProblem } from '../problems.ts'

const SEND = '/api/engineer-chat/send'

async function setUp(t: Test) {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [alice, bob] = [await harness.signUp('alice'), await harness.signUp('bob')]
  const [captain, olga, admin] = [
    await harness.signUp('captain', 'agent'),
    await harness.signUp('olga'),
    await harness.signUp('root', 'admin'),
  ]
  const event_id = await harness.createEvent(alice)
  await harness.putMember(alice, event_id, olga, 'observer')
  const changes: RoomChange[] = []
  const { publish } = harness.deps.bus
  harness.deps.bus.publish = (change) => {
    changes.push(change)
    publish(change)
  }
  const posted: Message = (
    await bob.call('POST', `/api/events/${event_id}/messages`, { message: 'the host is isolated' })
  ).json()
  const pinsUrl = `/api/events/${event_id}/pins`
  return {
    alice,
    bob,
    captain,
    olga,
    admin,
    event_id,
    changes,
    posted,
    pinsUrl,
    pinUrl: `${pinsUrl}/${posted.message_id}`,
  }
}

t.test('[PIN5] observers and agents may read pins, but may not pin or unpin', async (t) => {
  const { alice, captain, olga, pinsUrl, pinUrl } = await setUp(t)
  const pinned = (await alice.call('PUT', pinUrl)).json()
  for (const reader of [captain, olga]) {
    checkProblem(t, await reader.call('PUT', pinUrl), 403, 'forbidden')
    checkProblem(t, await reader.call('DELETE', pinUrl), 403, 'forbidden')
    t.same((await reader.call('GET', pinsUrl)).json(), { items: [pinned], next_cursor: null })
  }
})

t.test('[PIN5] a pin does not change the message’s position, and the room gets the change', async (t) => {
  const { alice, event_id, changes, posted, pinUrl } = await setUp(t)

  const pinned = await alice.call('PUT', pinUrl)

  t.equal(pinned.statusCode, 200)
  const { seq } = pinned.json()
  t.match(pinned.json(), { position: posted.position, created_at: posted.created_at, pinned: { user_id: 'u-alice' } })
  t.match(changes.at(-1), { event_id, first_seq: seq, seq, rows: [{ message: { pinned: { user_id: 'u-alice' } } }] })
})

t.test('[PIN5] if a user pins a message that is already pinned, nothing is changed or published', async (t) => {
  const { alice, bob, changes, pinUrl } = await setUp(t)
  const pinned = (await alice.call('PUT', pinUrl)).json()
  const publishedBefore = changes.length

  const second = await bob.call('PUT', pinUrl)

  t.same(second.json(), pinned)
  t.equal(changes.length, publishedBefore)
})

t.test('[PIN5] everybody who may pin may unpin, and the room gets the change', async (t) => {
  const { alice, bob, changes, pinsUrl, pinUrl } = await setUp(t)
  await alice.call('PUT', pinUrl)
  const publishedBefore = changes.length

  const unpinned = await bob.call('DELETE', pinUrl)

  t.notOk('pinned' in unpinned.json())
  t.same((await bob.call('GET', pinsUrl)).json().items, [])
  t.equal(changes.length, publishedBefore + 1)
})

t.test('[PIN5] a message that does not exist cannot be pinned', async (t) => {
  const { alice, pinsUrl } = await setUp(t)
  checkProblem(t, await alice.call('PUT', `${pinsUrl}/none`), 404, 'message_not_found')
})

t.test('[PIN5] the audit names who pinned and unpinned a message, even if it was already pinned', async (t) => {
  const { alice, bob, admin, event_id, posted, pinUrl } = await setUp(t)
  await alice.call('PUT', pinUrl)
  await bob.call('PUT', pinUrl)
  await bob.call('DELETE', pinUrl)

  const { items } = (await admin.call('GET', `/api/admin/audit?event_id=${event_id}`)).json()

  const pinEntries = items.reverse().filter(({ action }: { action: string }) => action.endsWith('pin'))
  t.equal(pinEntries.length, 3)
  t.match(pinEntries, [
    { action: 'pin', actor: 'u-alice', object_type: 'message', object_id: posted.message_id },
    { action: 'pin', actor: 'u-bob' },
    { action: 'unpin', actor: 'u-bob', object_id: posted.message_id },
  ])
})

t.test(
  '[PIN3] a message of a private chat cannot be pinned: its asker gets `message_private`, and others get 404',
  async (t) => {
    const { alice, bob, event_id, pinsUrl } = await setUp(t)
    const { user_message } = (await alice.call('POST', SEND, { event_id, message: 'who?' })).json()
    checkProblem(t, await alice.call('PUT', `${pinsUrl}/${user_message.message_id}`), 409, 'message_private')
    checkProblem(t, await bob.call('PUT', `${pinsUrl}/${user_message.message_id}`), 404, 'message_not_found')
  },
)

t.test('[PIN3] a message of a shared chat can be pinned, and agents do not see the pin', async (t) => {
  const { alice, bob, captain, event_id, pinsUrl } = await setUp(t)
  const sent = (await alice.call('POST', SEND, { event_id, message: 'who?' })).json()
  await alice.call('POST', `/api/engineer-chat/sessions/${sent.session_id}/share`)

  const pinned = await bob.call('PUT', `${pinsUrl}/${sent.user_message.message_id}`)

  t.equal(pinned.statusCode, 200)
  t.equal((await alice.call('GET', pinsUrl)).json().items.length, 1)
  t.same((await captain.call('GET', pinsUrl)).json().items, [])
})

t.test('[PIN4] an unfinished reply cannot be pinned', async (t) => {
  const { alice, event_id, pinsUrl } = await setUp(t)
  const { ai_message } = (await alice.call('POST', SEND, { event_id, message: 'who?', visibility: 'room' })).json()
  checkProblem(t, await alice.call('PUT', `${pinsUrl}/${ai_message.message_id}`), 404, 'message_not_found')
})

t.test('[PIN6] a pinned reply can be retried only after it was unpinned', async (t) => {
  const { alice, bob, event_id, pinsUrl } = await setUp(t)
  const body = { event_id, message: 'who?', visibility: 'room' }
  const { message_id } = (await alice.call('POST', SEND, body)).json().ai_message
  const retry = () => alice.call('POST', `/api/engineer-chat/messages/${message_id}/retry`)
  await alice.call('POST', `/api/engineer-chat/messages/${message_id}/cancel`) // A cancelled reply can be pinned.
  await bob.call('PUT', `${pinsUrl}/${message_id}`)
  checkProblem(t, await retry(), 409, 'message_pinned')
  await alice.call('DELETE', `${pinsUrl}/${message_id}`)
  t.match((await retry()).json(), { message_type: 'thinking' })
})

t.test('[PIN2] pins are listed page by page, in the order of their messages', async (t) => {
  const { alice, bob, event_id, posted, pinsUrl } = await setUp(t)
  const ids = [posted.message_id]
  for (const message of ['two', 'three']) {
    ids.push((await bob.call('POST', `/api/events/${event_id}/messages`, { message })).json().message_id)
  }
  for (const id of ids.toReversed()) await alice.call('PUT', `${pinsUrl}/${id}`)
  const firstPage = (await bob.call('GET', `${pinsUrl}?limit=2`)).json()
  const secondPage = (await bob.call('GET', `${pinsUrl}?limit=2&cursor=${firstPage.next_cursor}`)).json()
  t.same(
    [...firstPage.items, ...secondPage.items].map(({ message_id }) => message_id),
    ids,
  )
  t.equal(secondPage.next_cursor, null)
  checkProblem(t, await bob.call('GET', `${pinsUrl}?cursor=x`), 400, 'validation_failed')
})

t.test('[PAGE6] a page begins after a position, or has a given message in its middle', async (t) => {
  const { bob, event_id } = await setUp(t)
  const posts: Message[] = []
  for (let n = 0; n < 9; n += 1) {
    posts.push((await bob.call('POST', `/api/events/${event_id}/messages`, { message: `n${n}` })).json())
  }
  const read = async (query: string) => {
    const { messages, has_more } = (await bob.call('GET', `/api/events/${event_id}/messages?${query}`)).json()
    return [messages.map((message: Message) => message.message_content.content), has_more]
  }
  // With `after`, `has_more` refers to newer messages. With `around`, it refers to older ones.
  t.same(await read(`after=${posts[1]?.position}&limit=3`), [['n2', 'n3', 'n4'], true])
  t.same(await read(`after=${posts[6]?.position}&limit=3`), [['n7', 'n8'], false])
  t.same(await read(`around=${posts[4]?.message_id}&limit=4`), [['n3', 'n4', 'n5', 'n6'], true])
  t.same(await read(`around=${posts[4]?.message_id}&limit=1`), [['n4'], true])
  t.same(
    await read(`around=${posts[0]?.message_id}&limit=4`),
    [['the host is isolated', 'n0', 'n1', 'n2'], false],
    'the page begins with the first message of the room',
  )
})

t.test('[PAGE6] a page around a message that the caller may not see is answered with 404', async (t) => {
  const { alice, bob, event_id } = await setUp(t)
  const sent = (await alice.call('POST', SEND, { event_id, message: 'private' })).json()
  const aroundUrl = `/api/events/${event_id}/messages?around=${sent.user_message.message_id}`
  t.equal((await alice.call('GET', aroundUrl)).statusCode, 200)
  checkProblem(t, await bob.call('GET', aroundUrl), 404, 'message_not_found')
})

t.test('[PAGE6] a request for a page with two directions is refused', async (t) => {
  const { bob, event_id } = await setUp(t)
  checkProblem(t, await bob.call('GET', `/api/events/${event_id}/messages?before=3&after=1`), 400, 'validation_failed')
})
