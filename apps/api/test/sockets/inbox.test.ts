import type { Inbox } from '@engineer-chat/protocol'
import t from 'tap'
import type { SocketClient } from './socket-client.ts'
import { createSocketHarness } from './socket-harness.ts'

const PERSON = { user_id: 'u-person', role: 'engineer' } as const
const QUICK = { limits: { inboxMs: 30 } }

const waitForItem = (client: SocketClient, event_id: string, isRight: (item: Inbox['events'][number]) => boolean) =>
  client.next('inbox', ({ events }) => events.some((item) => item.event_id === event_id && isRight(item)))

t.test('[INBOX6] a post reaches people who are not in the room, on every node, and a mark every device', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
  await harness.createEvent('e1')
  const [near, far] = [await harness.startNode(QUICK), await harness.startNode(QUICK)]
  const [a, phone, b] = await Promise.all([near.connect(alice), far.connect(alice), far.connect(bob)])
  const { seq, position } = (await harness.postMessage('e1', 'look', false)).row.message
  for (const client of [a, phone, b]) {
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
  t.equal(seq, 1)
  await harness.stores.timeline.markRead('e1', 'alice', position)
  for (const client of [a, phone]) {
    await waitForItem(client, 'e1', ({ unread, read_position }) => unread === 0 && read_position === position)
  }
  await harness.stores.inbox.putMuted('e1', 'alice', true)
  await waitForItem(phone, 'e1', ({ muted }) => muted)
  await harness.stores.events.update('e1', { severity: 'critical' }, PERSON)
  await waitForItem(b, 'e1', ({ severity, unread }) => severity === 'critical' && unread === 1)
  t.notOk(
    b.listFrames('inbox').some(({ events }) => events.some(({ muted }) => muted)),
    'a mute is one person’s',
  )
})

t.test('[INBOX6] no item is sent twice, and private answers of others send none', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
  await harness.createEvent('e1')
  const node = await harness.startNode(QUICK)
  const [a, b] = [await node.connect(alice), await node.connect(bob)]
  await harness.postMessage('e1', 'first')
  await waitForItem(b, 'e1', ({ unread }) => unread === 1)
  const { reply } = await harness.askQuestion('e1', alice)
  await harness.finishReply(await harness.claimReply(reply), 'done')
  await waitForItem(a, 'e1', ({ unread }) => unread === 2)
  await harness.postMessage('e1', 'second')
  await waitForItem(b, 'e1', ({ unread }) => unread === 2)
  t.same(
    b
      .listFrames('inbox')
      .flatMap(({ events }) => events.map(({ unread }) => unread))
      .filter(Boolean),
    [1, 2],
  )
})

t.test('[INBOX6] a closed event is sent a last time', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await Promise.all([harness.createEvent('e1'), harness.createEvent('e2')])
  const a = await (await harness.startNode(QUICK)).connect(alice)
  await harness.postMessage('e1', 'first')
  await waitForItem(a, 'e1', ({ unread }) => unread === 1)
  await harness.stores.events.update('e1', { event_status: 'closed' }, PERSON)
  await waitForItem(a, 'e1', ({ event_status }) => event_status === 'closed')
  const count = a.listFrames('inbox').length
  await harness.postMessage('e1', 'after the end')
  await harness.postMessage('e2', 'elsewhere')
  await waitForItem(a, 'e2', ({ unread }) => unread === 1)
  const later = a.listFrames('inbox').slice(count)
  t.notOk(later.some(({ events }) => events.some(({ event_id }) => event_id === 'e1')))
})

t.test(
  '[INBOX7] a user without access gets no inbox item, and a removed member gets the event’s removal',
  async (t) => {
    const harness = createSocketHarness(t)
    const people = [
      await harness.signIn('alice'),
      await harness.signIn('watcher'),
      await harness.signIn('bob'),
    ] as const
    const [root, robot] = [await harness.signIn('root', 'admin'), await harness.signIn('robot', 'agent')]
    await harness.createEvent('secret', 'restricted', { alice: 'commander', watcher: 'observer' })
    await harness.createEvent('open')
    const node = await harness.startNode(QUICK)
    const [a, o, b, admin, agent] = await Promise.all([...people, root, robot].map((user) => node.connect(user)))
    if (!a || !o || !b || !admin || !agent) throw new Error('not connected')
    await harness.postMessage('secret', 'hush')
    for (const client of [a, o]) await waitForItem(client, 'secret', ({ unread }) => unread === 1)
    await harness.stores.events.removeMember('secret', 'watcher')
    await o.next('inbox', ({ removed = [] }) => removed.includes('secret'))
    await harness.postMessage('secret', 'after')
    await waitForItem(a, 'secret', ({ unread }) => unread === 2)
    await harness.postMessage('open', 'all')
    for (const client of [o, b, admin]) await waitForItem(client, 'open', ({ unread }) => unread === 1)
    for (const client of [b, admin]) t.notOk(JSON.stringify(client.listFrames('inbox')).includes('secret'))
    await harness.stores.events.putMember('secret', 'bob', 'responder')
    await waitForItem(b, 'secret', ({ unread }) => unread === 2)
    await harness.stores.events.update('open', { access: 'restricted' }, PERSON)
    await b.next('inbox', ({ removed = [] }) => removed.includes('open'))
    t.same(agent.listFrames('inbox'), [], 'agents have no inbox')
  },
)
