import { setTimeout as sleep } from 'node:timers/promises'
import type { Stores } from '@engineer-chat/chat/stores'
import type { Inbox } from '@engineer-chat/protocol'
import t from 'tap'
import type { SocketClient } from './socket-client.ts'
import { createSocketHarness, type SocketHarness } from './socket-harness.ts'

/** The user who changes the events. */
const EDITOR = { user_id: 'u-person', role: 'engineer' } as const
const QUICK_INBOX = { limits: { inboxIntervalMs: 30 } }
const RIGHTS_MAX_AGE_MS = 150

const waitForItem = (client: SocketClient, event_id: string, matches: (item: Inbox['events'][number]) => boolean) =>
  client.next('inbox', ({ events }) => events.some((item) => item.event_id === event_id && matches(item)))

t.test(
  '[INBOX6] a post changes the counts of people outside the room; a read mark changes its user’s counts on all devices',
  async (t) => {
    const harness = createSocketHarness(t)
    const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
    await harness.createEvent('e1')
    const [nodeA, nodeB] = [await harness.startNode(QUICK_INBOX), await harness.startNode(QUICK_INBOX)]
    const [aliceClient, alicePhone, bobClient] = await Promise.all([
      nodeA.connect(alice),
      nodeB.connect(alice),
      nodeB.connect(bob),
    ])
    const { seq, position } = (await harness.postMessage('e1', 'look', { isPublished: false })).row.message
    for (const client of [aliceClient, alicePhone, bobClient]) {
      const { events } = await waitForItem(client, 'e1', ({ unread }) => unread === 1)
      t.match(events[0], {
        event_id: 'e1',
        unread: 1,
        mentions: 0,
        muted: false,
        read_position: null,
        severity: 'high',
        event_status: 'pending',
      })
    }
    t.equal(seq, 1, 'the post is the first change of the room')
    await harness.stores.timeline.markRead('e1', 'alice', position)
    for (const client of [aliceClient, alicePhone]) {
      await waitForItem(client, 'e1', ({ unread, read_position }) => unread === 0 && read_position === position)
    }
    await harness.stores.inbox.putMuted('e1', 'alice', true)
    await waitForItem(alicePhone, 'e1', ({ muted }) => muted)
    await harness.stores.events.update('e1', { severity: 'critical' }, EDITOR)
    await waitForItem(bobClient, 'e1', ({ severity, unread }) => severity === 'critical' && unread === 1)
    t.notOk(
      bobClient.listFrames('inbox').some(({ events }) => events.some(({ muted }) => muted)),
      'a mute applies to one person only',
    )
  },
)

t.test('[INBOX6] no item is sent twice, and a private reply to another user causes no item', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
  await harness.createEvent('e1')
  const node = await harness.startNode(QUICK_INBOX)
  const [aliceClient, bobClient] = [await node.connect(alice), await node.connect(bob)]
  await harness.postMessage('e1', 'first')
  await waitForItem(bobClient, 'e1', ({ unread }) => unread === 1)
  const { reply_id } = await harness.askQuestion('e1', alice)
  await harness.finishReply(await harness.claimReply(reply_id), 'done')
  await waitForItem(aliceClient, 'e1', ({ unread }) => unread === 2)
  await harness.postMessage('e1', 'second')
  await waitForItem(bobClient, 'e1', ({ unread }) => unread === 2)
  t.same(
    bobClient
      .listFrames('inbox')
      .flatMap(({ events }) => events.map(({ unread }) => unread))
      .filter((unread) => unread > 0), // The first frame may be from before the first post.
    [1, 2],
  )
})

t.test('[INBOX6] the item of an event is sent once more after the event was closed, and then no longer', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await Promise.all([harness.createEvent('e1'), harness.createEvent('e2')])
  const aliceClient = await (await harness.startNode(QUICK_INBOX)).connect(alice)
  await harness.postMessage('e1', 'first')
  await waitForItem(aliceClient, 'e1', ({ unread }) => unread === 1)
  await harness.stores.events.update('e1', { event_status: 'closed' }, EDITOR)
  await waitForItem(aliceClient, 'e1', ({ event_status }) => event_status === 'closed')
  const countBefore = aliceClient.listFrames('inbox').length
  await harness.postMessage('e1', 'after the event was closed')
  await harness.postMessage('e2', 'elsewhere')
  await waitForItem(aliceClient, 'e2', ({ unread }) => unread === 1)
  const laterFrames = aliceClient.listFrames('inbox').slice(countBefore)
  t.notOk(laterFrames.some(({ events }) => events.some(({ event_id }) => event_id === 'e1')))
})

t.test(
  '[INBOX7] a user without access gets no inbox item; if a member is removed, the event is removed from their inbox',
  async (t) => {
    const harness = createSocketHarness(t)
    const users = [
      await harness.signIn('alice'),
      await harness.signIn('olga'),
      await harness.signIn('bob'),
      await harness.signIn('root', 'admin'),
      await harness.signIn('captain', 'agent'),
    ]
    await harness.createEvent('secret', 'restricted', { alice: 'commander', olga: 'observer' })
    await harness.createEvent('open')
    const node = await harness.startNode(QUICK_INBOX)
    const [aliceClient, observerClient, bobClient, adminClient, agentClient] = await Promise.all(
      users.map((user) => node.connect(user)),
    )
    if (!aliceClient || !observerClient || !bobClient || !adminClient || !agentClient)
      throw new Error('A user is not connected.')
    await harness.postMessage('secret', 'before the removal')
    for (const client of [aliceClient, observerClient])
      await waitForItem(client, 'secret', ({ unread }) => unread === 1)
    await harness.stores.events.removeMember('secret', 'olga')
    await observerClient.next('inbox', ({ removed = [] }) => removed.includes('secret'))
    await harness.postMessage('secret', 'after the removal')
    await waitForItem(aliceClient, 'secret', ({ unread }) => unread === 2)
    await harness.postMessage('open', 'all')
    for (const client of [observerClient, bobClient, adminClient])
      await waitForItem(client, 'open', ({ unread }) => unread === 1)
    // The inbox has only events that are open or of which the user is a member, also for an admin.
    for (const client of [bobClient, adminClient])
      t.notOk(JSON.stringify(client.listFrames('inbox')).includes('secret'))
    await harness.stores.events.putMember('secret', 'bob', 'responder')
    await waitForItem(bobClient, 'secret', ({ unread }) => unread === 2)
    await harness.stores.events.update('open', { access: 'restricted' }, EDITOR)
    await bobClient.next('inbox', ({ removed = [] }) => removed.includes('open'))
    t.same(agentClient.listFrames('inbox'), [], 'agents have no inbox')
  },
)

/** Sets up a node whose reads of rows wait while `gate.isClosed`, as they do while MySQL is slow. */
async function startNodeWithSlowRows(harness: SocketHarness, stores: Partial<Stores> = {}) {
  const { inbox } = harness.stores
  const gate = { isClosed: false, reached: Promise.withResolvers<void>(), opened: Promise.withResolvers<void>() }
  const readRows: typeof inbox.readRows = async (...args) => {
    if (gate.isClosed) {
      gate.reached.resolve()
      await gate.opened.promise
    }
    return inbox.readRows(...args)
  }
  const limits = { inboxIntervalMs: 30, rightsIntervalMs: 20, rightsMaxAgeMs: RIGHTS_MAX_AGE_MS }
  const node = await harness.startNode({ limits, stores: { inbox: { ...inbox, readRows }, ...stores } })
  return { node, gate }
}

const waitUntilRightsAreOld = () => sleep(RIGHTS_MAX_AGE_MS + 10)

t.test('[INBOX7] a member who is removed while a slow check reads rows gets no item of it', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob, olga] = [await harness.signIn('alice'), await harness.signIn('bob'), await harness.signIn('olga')]
  await harness.createEvent('secret', 'restricted', { alice: 'commander', olga: 'observer' })
  await harness.createEvent('open')
  const { node, gate } = await startNodeWithSlowRows(harness)
  const [aliceClient, bobClient, olgaClient] = [
    await node.connect(alice),
    await node.connect(bob),
    await node.connect(olga),
  ]
  await harness.postMessage('secret', 'seen by a member')
  await waitForItem(olgaClient, 'secret', ({ unread }) => unread === 1)
  await harness.postMessage('open', 'seen by everybody')
  await waitForItem(bobClient, 'open', ({ unread }) => unread === 1)
  gate.isClosed = true
  await harness.postMessage('secret', 'before the removal')
  await harness.postMessage('open', 'before the restriction')
  await gate.reached.promise
  await harness.stores.events.removeMember('secret', 'olga')
  await harness.stores.events.update('open', { access: 'restricted' }, EDITOR)
  await waitUntilRightsAreOld()
  gate.opened.resolve()
  await waitForItem(aliceClient, 'secret', ({ unread }) => unread === 2)
  await olgaClient.next('inbox', ({ removed = [] }) => removed.includes('secret'))
  await bobClient.next('inbox', ({ removed = [] }) => removed.includes('open'))
  for (const client of [bobClient, olgaClient])
    t.notOk(
      client.listFrames('inbox').some(({ events }) => events.some(({ unread }) => unread > 1)),
      'only `removed` was sent',
    )
})

t.test('[INBOX7] a slow check sends nothing while the rights cannot be read', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const { uncachedRights } = harness.stores
  let isDown = false
  const findPrincipals: typeof uncachedRights.findPrincipals = async (signIns) => {
    if (isDown) throw new Error('MySQL is away')
    return uncachedRights.findPrincipals(signIns)
  }
  const { node, gate } = await startNodeWithSlowRows(harness, { uncachedRights: { ...uncachedRights, findPrincipals } })
  const client = await node.connect(alice)
  await waitForItem(client, 'e1', ({ unread }) => unread === 0)
  gate.isClosed = true
  await harness.postMessage('e1', 'look')
  await gate.reached.promise
  isDown = true
  await waitUntilRightsAreOld()
  gate.isClosed = false
  gate.opened.resolve()
  await waitUntilRightsAreOld()
  t.notOk(client.listFrames('inbox').some(({ events }) => events.some(({ unread }) => unread > 0)))
  isDown = false
  await waitForItem(client, 'e1', ({ unread }) => unread === 1)
})

t.test('[INBOX7] a check whose reads together take longer than rights may be old reads the access again', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('secret', 'restricted', { alice: 'commander' })
  const { inbox, uncachedRights } = harness.stores
  const rightsMaxAgeMs = 400
  const listActive: typeof inbox.listActive = async (limit) => {
    const active = await inbox.listActive(limit)
    await sleep(rightsMaxAgeMs * 0.8)
    return active
  }
  const findAccessAndRoles: typeof uncachedRights.findAccessAndRoles = async (pairs) => {
    await sleep(rightsMaxAgeMs * 0.3)
    return uncachedRights.findAccessAndRoles(pairs)
  }
  const node = await harness.startNode({
    limits: { inboxIntervalMs: 30, rightsIntervalMs: 20, rightsMaxAgeMs },
    stores: { inbox: { ...inbox, listActive }, uncachedRights: { ...uncachedRights, findAccessAndRoles } },
  })
  const client = await node.connect(alice)
  await harness.postMessage('secret', 'look')
  await waitForItem(client, 'secret', ({ unread }) => unread === 1)
})

/** Sets up a node that cannot read its inboxes while `outage.isDown`. */
async function startNodeWithOutage(harness: SocketHarness) {
  const { inbox } = harness.stores
  const outage = { isDown: false, noticed: Promise.withResolvers<void>() }
  const listActive: typeof inbox.listActive = async (limit) => {
    if (!outage.isDown) return inbox.listActive(limit)
    outage.noticed.resolve()
    throw new Error('MySQL is away')
  }
  return { outage, node: await harness.startNode({ ...QUICK_INBOX, stores: { inbox: { ...inbox, listActive } } }) }
}

t.test('[INBOX7] a member who is removed while the inbox cannot be read gets `removed` afterwards', async (t) => {
  const harness = createSocketHarness(t)
  const olga = await harness.signIn('olga')
  await harness.createEvent('secret', 'restricted', { olga: 'observer' })
  const { node, outage } = await startNodeWithOutage(harness)
  const client = await node.connect(olga)
  await waitForItem(client, 'secret', ({ unread }) => unread === 0)
  outage.isDown = true
  await outage.noticed.promise
  await harness.stores.events.removeMember('secret', 'olga')
  outage.isDown = false
  await client.next('inbox', ({ removed = [] }) => removed.includes('secret'))
})

t.test('[INBOX6] read marks that change while the inbox cannot be read are sent afterwards', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const { position } = (await harness.postMessage('e1', 'look')).row.message
  const { node, outage } = await startNodeWithOutage(harness)
  const client = await node.connect(alice)
  await waitForItem(client, 'e1', ({ unread }) => unread === 1)
  outage.isDown = true
  await outage.noticed.promise
  await harness.stores.timeline.markRead('e1', 'alice', position)
  outage.isDown = false
  await waitForItem(client, 'e1', ({ unread }) => unread === 0)
})
