import t from 'tap'
import { world } from './world.ts'

const attempt = (message_id: string, n: number) => ({ message_id, attempt: n })

t.test('[WS8] deltas come in order to whom the reply is for, and none after its final row', async (t) => {
  const w = world(t)
  const [alice, bob, captain] = [await w.signIn('alice'), await w.signIn('bob'), await w.signIn('captain', 'agent')]
  await w.event('e1')
  const [near, far] = [await w.node(), await w.node()]
  const own = await Promise.all([near.connect(alice), far.connect(alice)])
  const others = await Promise.all([near.connect(bob), far.connect(captain)])
  for (const c of [...own, ...others]) await c.subscribe('e1')
  const { question, reply, session } = await w.ask('e1', alice)
  const claim = await w.claim(reply)
  const live = w.hints.live.open(attempt(reply, 1), 'e1')
  for (const text of ['Con', 'tain ', 'it']) live.append(text)
  await w.finish(claim, 'Contain it')
  live.append(' straggler')
  await w.say('e1', 'for all')
  for (const c of [...own, ...others]) await c.next('message', ({ seq }) => seq === 4)
  for (const c of own) {
    t.same(
      c.of('delta').map(({ index, text }) => [index, text]),
      [
        [0, 'Con'],
        [1, 'tain '],
        [2, 'it'],
      ],
    )
    const kinds = c.all.slice(c.all.findIndex(({ type }) => type === 'message')).map(({ type }) => type)
    t.same(
      kinds.filter((type) => type !== 'presence'),
      ['message', 'message', 'delta', 'delta', 'delta', 'message', 'message'],
    )
  }
  for (const c of others) {
    const bytes = JSON.stringify(c.all)
    for (const secret of [question, reply, session, 'what now?', 'Contain', 'tain ']) {
      t.notOk(bytes.includes(secret), 'not a byte of a private chat')
    }
  }
})

t.test(
  '[WS9] whoever comes while a reply is being written is shown what there is, and the rest as it comes',
  async (t) => {
    const w = world(t)
    const [alice, bob] = [await w.signIn('alice'), await w.signIn('bob')]
    await w.event('e1')
    const first = await (await w.node()).connect(alice)
    await first.subscribe('e1')
    const { reply } = await w.ask('e1', alice)
    await w.claim(reply)
    const live = w.hints.live.open(attempt(reply, 1), 'e1')
    live.append('one ')
    live.append('two ')
    await first.next('delta', ({ index }) => index === 1)
    const other = await w.node() // It reads the text from the bus, because it came after the pieces.
    const second = await other.connect(alice)
    await second.subscribe('e1')
    t.match(await second.next('snapshot'), { message_id: reply, attempt: 1, next_index: 2, text: 'one two ' })
    const stranger = await other.connect(bob)
    await stranger.subscribe('e1')
    live.append('three')
    t.match(await second.next('delta'), { index: 2, text: 'three' })
    await stranger.settle()
    t.same([stranger.of('snapshot'), stranger.of('delta')], [[], []])
    const third = await other.connect(alice)
    await third.subscribe('e1')
    t.match(await third.next('snapshot'), { next_index: 3, text: 'one two three' }, "from the node's memory")
  },
)

t.test('[WS10] pieces that were lost are made up for by a snapshot', async (t) => {
  const w = world(t)
  const alice = await w.signIn('alice')
  await w.event('e1')
  const c = await (await w.node()).connect(alice)
  await c.subscribe('e1')
  const { reply } = await w.ask('e1', alice)
  await w.claim(reply)
  const live = w.hints.live.open(attempt(reply, 1), 'e1')
  live.append('a')
  await c.next('delta')
  w.hints.lose('deltas')
  live.append('b')
  live.append('c')
  w.hints.stopLosses()
  live.append('d')
  t.match(await c.next('snapshot'), { attempt: 1, next_index: 4, text: 'abcd' })
  live.append('e')
  t.match(await c.next('delta'), { index: 4, text: 'e' })
})

t.test('[WS11] a higher attempt begins anew, and a lower one is heard no more', async (t) => {
  const w = world(t)
  const alice = await w.signIn('alice')
  await w.event('e1')
  const c = await (await w.node()).connect(alice)
  await c.subscribe('e1')
  const { reply } = await w.ask('e1', alice)
  await w.claim(reply)
  const lost = w.hints.live.open(attempt(reply, 1), 'e1')
  lost.append('old')
  const live = w.hints.live.open(attempt(reply, 2), 'e1')
  live.append('new')
  lost.append('straggler')
  live.append('er')
  await c.next('delta', ({ text }) => text === 'er')
  t.same(
    c.of('delta').map((d) => [d.attempt, d.index, d.text]),
    [
      [1, 0, 'old'],
      [2, 0, 'new'],
      [2, 1, 'er'],
    ],
  )
})

t.test('[WS11] deltas of a reply whose row is not known are heard by nobody', async (t) => {
  const w = world(t)
  const alice = await w.signIn('alice')
  await w.event('e1')
  const c = await (await w.node()).connect(alice)
  await c.subscribe('e1')
  w.hints.live.open(attempt('unknown', 1), 'e1').append('x')
  await w.say('e1', 'for all')
  await c.next('message')
  t.same(c.of('delta'), [])
})

t.test('[WS12] shared in mid-answer: people get its rows and a snapshot, then deltas; agents nothing', async (t) => {
  const w = world(t)
  const [alice, bob, captain] = [await w.signIn('alice'), await w.signIn('bob'), await w.signIn('captain', 'agent')]
  await w.event('e1')
  const node = await w.node()
  const [a, b, agent] = await Promise.all([node.connect(alice), node.connect(bob), node.connect(captain)])
  for (const c of [a, b, agent]) await c.subscribe('e1')
  const { reply, session, question } = await w.ask('e1', alice)
  const claim = await w.claim(reply)
  const live = w.hints.live.open(attempt(reply, 1), 'e1')
  live.append('one ')
  await a.next('delta')
  const { change } = await w.stores.messages.share('alice', session)
  if (change) w.hints.bus.publish(change)
  t.match(await b.next('snapshot'), { message_id: reply, attempt: 1, next_index: 1, text: 'one ' })
  t.same(
    b.of('message').map(({ message }) => message.message_id),
    [question, reply],
    'the rows came first',
  )
  live.append('two')
  t.match(await b.next('delta'), { index: 1, text: 'two' })
  await w.finish(claim, 'one two')
  await w.say('e1', 'for all')
  await agent.next('message')
  t.match(
    await b.next('message', ({ message }) => message.message_type === 'chat' && message.reply_to === question),
    {},
  )
  t.same(agent.of('message').length, 1)
  t.notOk(JSON.stringify(agent.all).includes(session))
  const late = await node.connect(captain)
  t.same((await late.subscribe('e1')).messages.length, 1, 'nor what was shared before')
})
