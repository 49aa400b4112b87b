import t from 'tap'
import { createSocketHarness } from './socket-harness.ts'

t.test(
  '[WS8] deltas reach only users who may see the reply, in order, and no delta comes after the reply’s final row',
  async (t) => {
    const harness = createSocketHarness(t)
    const [alice, bob, captain] = [
      await harness.signIn('alice'),
      await harness.signIn('bob'),
      await harness.signIn('captain', 'agent'),
    ]
    await harness.createEvent('e1')
    const [nodeA, nodeB] = [await harness.startNode(), await harness.startNode()]
    const aliceClients = await Promise.all([nodeA.connect(alice), nodeB.connect(alice)])
    const otherClients = await Promise.all([nodeA.connect(bob), nodeB.connect(captain)])
    for (const client of [...aliceClients, ...otherClients]) await client.subscribe('e1')
    const { question_id, reply_id, session_id } = await harness.askQuestion('e1', alice)
    const claim = await harness.claimReply(reply_id)
    const stream = harness.openReplyStream('e1', reply_id, 1)
    for (const text of ['Con', 'tain ', 'it']) stream.append(text)
    await harness.finishReply(claim, 'Contain it')
    stream.append(' after the final row')
    await harness.postMessage('e1', 'for all')
    for (const client of [...aliceClients, ...otherClients]) await client.next('message', ({ seq }) => seq === 4)
    for (const client of aliceClients) {
      t.same(
        client.listFrames('delta').map(({ index, text }) => [index, text]),
        [
          [0, 'Con'],
          [1, 'tain '],
          [2, 'it'],
        ],
      )
      const frameTypes = client.frames
        .slice(client.frames.findIndex(({ type }) => type === 'message'))
        .map(({ type }) => type)
      t.same(
        frameTypes.filter((type) => type !== 'presence'),
        ['message', 'message', 'delta', 'delta', 'delta', 'message', 'message'],
        'the question, the unfinished reply, three deltas, the final row, the post',
      )
    }
    for (const client of otherClients) {
      const received = JSON.stringify(client.frames)
      for (const secret of [question_id, reply_id, session_id, 'what now?', 'Contain', 'tain ']) {
        t.notOk(received.includes(secret), 'other users get no text or id of the private chat')
      }
    }
  },
)

t.test(
  '[WS9] a socket that subscribes while a reply is being written gets the text so far, and then the rest',
  async (t) => {
    const harness = createSocketHarness(t)
    const [alice, bob] = [await harness.signIn('alice'), await harness.signIn('bob')]
    await harness.createEvent('e1')
    const first = await (await harness.startNode()).connect(alice)
    await first.subscribe('e1')
    const { reply_id } = await harness.askQuestion('e1', alice)
    await harness.claimReply(reply_id)
    const stream = harness.openReplyStream('e1', reply_id, 1)
    stream.append('one ')
    stream.append('two ')
    await first.next('delta', ({ index }) => index === 1)
    // This node starts after the deltas were sent, so it reads the text from Redis.
    const otherNode = await harness.startNode()
    const second = await otherNode.connect(alice)
    await second.subscribe('e1')
    t.match(await second.next('snapshot'), { message_id: reply_id, attempt: 1, next_index: 2, text: 'one two ' })
    const bobClient = await otherNode.connect(bob)
    await bobClient.subscribe('e1')
    stream.append('three')
    t.match(await second.next('delta'), { index: 2, text: 'three' })
    await bobClient.readUntilPong()
    t.same([bobClient.listFrames('snapshot'), bobClient.listFrames('delta')], [[], []])
    const third = await otherNode.connect(alice)
    await third.subscribe('e1')
    t.match(await third.next('snapshot'), { next_index: 3, text: 'one two three' }, 'the node has the text in memory')
  },
)

t.test('[WS10] lost deltas are replaced by a snapshot', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const client = await (await harness.startNode()).connect(alice)
  await client.subscribe('e1')
  const { reply_id } = await harness.askQuestion('e1', alice)
  await harness.claimReply(reply_id)
  const stream = harness.openReplyStream('e1', reply_id, 1)
  stream.append('a')
  await client.next('delta')
  harness.hints.lose('deltas')
  stream.append('b')
  stream.append('c')
  harness.hints.stopLosses()
  stream.append('d')
  t.match(await client.next('snapshot'), { attempt: 1, next_index: 4, text: 'abcd' })
  stream.append('e')
  t.match(await client.next('delta'), { index: 4, text: 'e' })
})

t.test(
  '[WS11] the text of a higher attempt starts from the beginning, and deltas of a lower attempt are dropped',
  async (t) => {
    const harness = createSocketHarness(t)
    const alice = await harness.signIn('alice')
    await harness.createEvent('e1')
    const client = await (await harness.startNode()).connect(alice)
    await client.subscribe('e1')
    const { reply_id } = await harness.askQuestion('e1', alice)
    await harness.claimReply(reply_id)
    const firstAttempt = harness.openReplyStream('e1', reply_id, 1)
    firstAttempt.append('old')
    const secondAttempt = harness.openReplyStream('e1', reply_id, 2)
    secondAttempt.append('new')
    firstAttempt.append('dropped')
    secondAttempt.append('er')
    await client.next('delta', ({ text }) => text === 'er')
    t.same(
      client.listFrames('delta').map((frame) => [frame.attempt, frame.index, frame.text]),
      [
        [1, 0, 'old'],
        [2, 0, 'new'],
        [2, 1, 'er'],
      ],
    )
  },
)

t.test('[WS11] nobody gets the deltas of a reply whose row is unknown', async (t) => {
  const harness = createSocketHarness(t)
  const alice = await harness.signIn('alice')
  await harness.createEvent('e1')
  const client = await (await harness.startNode()).connect(alice)
  await client.subscribe('e1')
  harness.openReplyStream('e1', 'unknown', 1).append('x')
  await harness.postMessage('e1', 'for all')
  await client.next('message')
  t.same(client.listFrames('delta'), [])
})

t.test(
  '[WS12] if a session is shared while its answer is written, people get its rows, a snapshot and deltas, and agents get nothing',
  async (t) => {
    const harness = createSocketHarness(t)
    const [alice, bob, captain] = [
      await harness.signIn('alice'),
      await harness.signIn('bob'),
      await harness.signIn('captain', 'agent'),
    ]
    await harness.createEvent('e1')
    const node = await harness.startNode()
    const [aliceClient, bobClient, agentClient] = await Promise.all([
      node.connect(alice),
      node.connect(bob),
      node.connect(captain),
    ])
    for (const client of [aliceClient, bobClient, agentClient]) await client.subscribe('e1')
    const { question_id, reply_id, session_id } = await harness.askQuestion('e1', alice)
    const claim = await harness.claimReply(reply_id)
    const stream = harness.openReplyStream('e1', reply_id, 1)
    stream.append('one ')
    await aliceClient.next('delta')
    const { change } = await harness.stores.messages.share('alice', session_id)
    if (change) harness.hints.bus.publish(change)
    t.match(await bobClient.next('snapshot'), { message_id: reply_id, attempt: 1, next_index: 1, text: 'one ' })
    t.same(
      bobClient.listFrames('message').map(({ message }) => message.message_id),
      [question_id, reply_id],
      'the rows came first',
    )
    stream.append('two')
    t.match(await bobClient.next('delta'), { index: 1, text: 'two' })
    await harness.finishReply(claim, 'one two')
    await harness.postMessage('e1', 'for all')
    await agentClient.next('message')
    const finalRow = await bobClient.next(
      'message',
      ({ message }) => message.message_type === 'chat' && message.reply_to === question_id,
    )
    t.match(finalRow.message, { message_id: reply_id })
    t.same(agentClient.listFrames('message').length, 1, 'the agent gets only the post')
    t.notOk(JSON.stringify(agentClient.frames).includes(session_id))
    const laterClient = await node.connect(captain)
    const { messages } = await laterClient.subscribe('e1')
    t.equal(messages.length, 1, 'an agent that connects later sees no shared chat either')
  },
)
