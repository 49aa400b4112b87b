import t from 'tap'
import { createSocketHarness } from './socket-harness.ts'

const createRef = (message_id: string, n: number) => ({ message_id, attempt: n })

t.test(
  '[WS8] deltas reach only those who may see the reply, in order, and none comes after its final row',
  async (t) => {
    const harness = createSocketHarness(t)
    const [alice, bob, captain] = [
      await harness.signIn('alice'),
      await harness.signIn('bob'),
      await harness.signIn('captain', 'agent'),
    ]
    await harness.createEvent('e1')
    const [near, far] = [await harness.startNode(), await harness.startNode()]
    const own = await Promise.all([near.connect(alice), far.connect(alice)])
    const others = await Promise.all([near.connect(bob), far.connect(captain)])
    for (const client of [...own, ...others]) await client.subscribe('e1')
    const { question, reply, session } = await harness.askQuestion('e1', alice)
    const claim = await harness.claimReply(reply)
    const live = harness.hints.live.open(createRef(reply, 1), 'e1')
    for (const text of ['Con', 'tain ', 'it']) live.append(text)
    await harness.finishReply(claim, 'Contain it')
    live.append(' straggler')
    await harness.postMessage('e1', 'for all')
    for (const client of [...own, ...others]) await client.next('message', ({ seq }) => seq === 4)
    for (const client of own) {
      t.same(
        client.listFrames('delta').map(({ index, text }) => [index, text]),
        [
          [0, 'Con'],
          [1, 'tain '],
          [2, 'it'],
        ],
      )
      const kinds = client.frames
        .slice(client.frames.findIndex(({ type }) => type === 'message'))
        .map(({ type }) => type)
      t.same(
        kinds.filter((type) => type !== 'presence'),
        ['message', 'message', 'delta', 'delta', 'delta', 'message', 'message'],
      )
    }
    for (const client of others) {
      const bytes = JSON.stringify(client.frames)
      for (const secret of [question, reply, session, 'what now?', 'Contain', 'tain ']) {
        t.notOk(bytes.includes(secret), 'no text or id of a private chat')
      }
    }
  },
)

t.test('[WS9] who subscribes while a reply is being written gets the text so far, and then the rest', async (t) => {
  const harness = createSocketHarness(t)
  const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
  await harness.createEvent('e1')
  const first = await (await harness.startNode()).connect(alice)
  await first.subscribe('e1')
  const { reply } = await harness.askQuestion('e1', alice)
  await harness.claimReply(reply)
  const live = harness.hints.live.open(createRef(reply, 1), 'e1')
  live.append('one ')
  live.append('two ')
  await first.next('delta', ({ index }) => index === 1)
  const other = await harness.startNode() // It reads the text from the bus, because it came after the pieces.
  const second = await other.connect(alice)
  await second.subscribe('e1')
  t.match(await second.next('snapshot'), { message_id: reply, attempt: 1, next_index: 2, text: 'one two ' })
  const stranger = await other.connect(bob)
  await stranger.subscribe('e1')
  live.append('three')
  t.match(await second.next('delta'), { index: 2, text: 'three' })
  await stranger.readUntilPong()
  t.same([stranger.listFrames('snapshot'), stranger.listFrames('delta')], [[], []])
  const third = await other.connect(alice)
  await third.subscribe('e1')
  t.match(await third.next('snapshot'), { next_index: 3, text: 'one two three' }, "from the node's memory")
})

t.test('[WS10] lost pieces are replaced by a snapshot', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const client = await (await harness.startNode()).connect(alice)
  await client.subscribe('e1')
  const { reply } = await harness.askQuestion('e1', alice)
  await harness.claimReply(reply)
  const live = harness.hints.live.open(createRef(reply, 1), 'e1')
  live.append('a')
  await client.next('delta')
  harness.hints.lose('deltas')
  live.append('b')
  live.append('c')
  harness.hints.stopLosses()
  live.append('d')
  t.match(await client.next('snapshot'), { attempt: 1, next_index: 4, text: 'abcd' })
  live.append('e')
  t.match(await client.next('delta'), { index: 4, text: 'e' })
})

t.test('[WS11] a higher attempt starts from the beginning, and pieces of a lower one are dropped', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const client = await (await harness.startNode()).connect(alice)
  await client.subscribe('e1')
  const { reply } = await harness.askQuestion('e1', alice)
  await harness.claimReply(reply)
  const lost = harness.hints.live.open(createRef(reply, 1), 'e1')
  lost.append('old')
  const live = harness.hints.live.open(createRef(reply, 2), 'e1')
  live.append('new')
  lost.append('straggler')
  live.append('er')
  await client.next('delta', ({ text }) => text === 'er')
  t.same(
    client.listFrames('delta').map((d) => [d.attempt, d.index, d.text]),
    [
      [1, 0, 'old'],
      [2, 0, 'new'],
      [2, 1, 'er'],
    ],
  )
})

t.test('[WS11] nobody gets the deltas of a reply whose row is unknown', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const client = await (await harness.startNode()).connect(alice)
  await client.subscribe('e1')
  harness.hints.live.open(createRef('unknown', 1), 'e1').append('x')
  await harness.postMessage('e1', 'for all')
  await client.next('message')
  t.same(client.listFrames('delta'), [])
})

t.test(
  '[WS12] if a session is shared during an answer, people get rows, a snapshot and deltas, and agents get nothing',
  async (t) => {
    const harness = createSocketHarness(t)
    const [alice, bob, captain] = [
      await harness.signIn('alice'),
      await harness.signIn('bob'),
      await harness.signIn('captain', 'agent'),
    ]
    await harness.createEvent('e1')
    const node = await harness.startNode()
    const [a, b, agent] = await Promise.all([node.connect(alice), node.connect(bob), node.connect(captain)])
    for (const client of [a, b, agent]) await client.subscribe('e1')
    const { reply, session, question } = await harness.askQuestion('e1', alice)
    const claim = await harness.claimReply(reply)
    const live = harness.hints.live.open(createRef(reply, 1), 'e1')
    live.append('one ')
    await a.next('delta')
    const { change } = await harness.stores.messages.share('alice', session)
    if (change) harness.hints.bus.publish(change)
    t.match(await b.next('snapshot'), { message_id: reply, attempt: 1, next_index: 1, text: 'one ' })
    t.same(
      b.listFrames('message').map(({ message }) => message.message_id),
      [question, reply],
      'the rows came first',
    )
    live.append('two')
    t.match(await b.next('delta'), { index: 1, text: 'two' })
    await harness.finishReply(claim, 'one two')
    await harness.postMessage('e1', 'for all')
    await agent.next('message')
    t.match(
      await b.next('message', ({ message }) => message.message_type === 'chat' && message.reply_to === question),
      {},
    )
    t.same(agent.listFrames('message').length, 1)
    t.notOk(JSON.stringify(agent.frames).includes(session))
    const late = await node.connect(captain)
    t.same((await late.subscribe('e1')).messages.length, 1, 'nor what was shared before')
  },
)
