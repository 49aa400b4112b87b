import type { Inbox } from '@engineer-chat/protocol'
import t from 'tap'
import type { Client } from './socket-client.ts'
import { world } from './world.ts'

const PERSON = { user_id: 'u-person', role: 'engineer' } as const
const QUICK = { limits: { inboxMs: 30 } }

const itemOf = (client: Client, event_id: string, isRight: (item: Inbox['events'][number]) => boolean) =>
  client.next('inbox', ({ events }) => events.some((item) => item.event_id === event_id && isRight(item)))

t.test('[INBOX6] a post reaches people who are not in the room, on every node, and a mark every device', async (t) => {
  const w = world(t)
  const [alice, bob] = [await w.signIn('alice'), await w.signIn('bob')]
  await w.event('e1')
  const [near, far] = [await w.node(QUICK), await w.node(QUICK)]
  const [a, phone, b] = await Promise.all([near.connect(alice), far.connect(alice), far.connect(bob)])
  const { seq, position } = (await w.say('e1', 'look', false)).row.message
  for (const c of [a, phone, b]) {
    const { events } = await itemOf(c, 'e1', ({ unread }) => unread === 1)
    t.match(events[0], {
      event_id: 'e1',
      unread: 1,
      mentions: 0,
      muted: false,
      severity: 'high',
      event_status: 'pending',
    })
  }
  t.equal(seq, 1)
  await w.stores.timeline.markRead('e1', 'alice', position)
  for (const c of [a, phone]) await itemOf(c, 'e1', ({ unread }) => unread === 0)
  await w.stores.inbox.putMuted('e1', 'alice', true)
  await itemOf(phone, 'e1', ({ muted }) => muted)
  await w.stores.events.update('e1', { severity: 'critical' }, PERSON)
  await itemOf(b, 'e1', ({ severity, unread }) => severity === 'critical' && unread === 1)
  t.notOk(
    b.of('inbox').some(({ events }) => events.some(({ muted }) => muted)),
    'a mute is one person’s',
  )
})

t.test('[INBOX6] nothing comes twice, and nothing of others’ private answers', async (t) => {
  const w = world(t)
  const [alice, bob] = [await w.signIn('alice'), await w.signIn('bob')]
  await w.event('e1')
  const node = await w.node(QUICK)
  const [a, b] = [await node.connect(alice), await node.connect(bob)]
  await w.say('e1', 'first')
  await itemOf(b, 'e1', ({ unread }) => unread === 1)
  const { reply } = await w.ask('e1', alice)
  await w.finish(await w.claim(reply), 'done')
  await itemOf(a, 'e1', ({ unread }) => unread === 2)
  await w.say('e1', 'second')
  await itemOf(b, 'e1', ({ unread }) => unread === 2)
  t.same(
    b
      .of('inbox')
      .flatMap(({ events }) => events.map(({ unread }) => unread))
      .filter(Boolean),
    [1, 2],
  )
})

t.test('[INBOX6] a closed event comes a last time', async (t) => {
  const w = world(t)
  const alice = await w.signIn('alice')
  await Promise.all([w.event('e1'), w.event('e2')])
  const a = await (await w.node(QUICK)).connect(alice)
  await w.say('e1', 'first')
  await itemOf(a, 'e1', ({ unread }) => unread === 1)
  await w.stores.events.update('e1', { event_status: 'closed' }, PERSON)
  await itemOf(a, 'e1', ({ event_status }) => event_status === 'closed')
  const count = a.of('inbox').length
  await w.say('e1', 'after the end')
  await w.say('e2', 'elsewhere')
  await itemOf(a, 'e2', ({ unread }) => unread === 1)
  const later = a.of('inbox').slice(count)
  t.notOk(later.some(({ events }) => events.some(({ event_id }) => event_id === 'e1')))
})

t.test('[INBOX7] who may not enter is told nothing, and a removed member that the event is gone', async (t) => {
  const w = world(t)
  const people = [await w.signIn('alice'), await w.signIn('watcher'), await w.signIn('bob')] as const
  const [root, robot] = [await w.signIn('root', 'admin'), await w.signIn('robot', 'agent')]
  await w.event('secret', 'restricted', { alice: 'commander', watcher: 'observer' })
  await w.event('open')
  const node = await w.node(QUICK)
  const [a, o, b, admin, agent] = await Promise.all([...people, root, robot].map((who) => node.connect(who)))
  if (!a || !o || !b || !admin || !agent) throw new Error('not connected')
  await w.say('secret', 'hush')
  for (const c of [a, o]) await itemOf(c, 'secret', ({ unread }) => unread === 1)
  await w.stores.events.removeMember('secret', 'watcher')
  await o.next('inbox', ({ removed = [] }) => removed.includes('secret'))
  await w.say('secret', 'after')
  await itemOf(a, 'secret', ({ unread }) => unread === 2)
  await w.say('open', 'all')
  for (const c of [o, b, admin]) await itemOf(c, 'open', ({ unread }) => unread === 1)
  for (const c of [b, admin]) t.notOk(JSON.stringify(c.of('inbox')).includes('secret'))
  await w.stores.events.putMember('secret', 'bob', 'responder')
  await itemOf(b, 'secret', ({ unread }) => unread === 2)
  await w.stores.events.update('open', { access: 'restricted' }, PERSON)
  await b.next('inbox', ({ removed = [] }) => removed.includes('open'))
  t.same(agent.of('inbox'), [], 'agents have no inbox')
})
