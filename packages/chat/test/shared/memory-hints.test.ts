import { createMemoryHints } from '@engineer-chat/chat/testing'
import { type Test, test } from 'tap'

const ref = { message_id: 'reply', attempt: 1 }
const waitForNextTick = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Subscribes a node to the room `e` and records every hint that it gets. */
async function recordHints(hints: ReturnType<typeof createMemoryHints>, node_id: string): Promise<unknown[]> {
  const received: unknown[] = []
  const feed = hints.feed(node_id)
  feed.onHint((event_id, hint) => received.push([event_id, hint.type]))
  feed.onRightsChanged(() => received.push('rights'))
  feed.onGap(() => received.push('gap'))
  await feed.subscribe('e')
  return received
}

test('the memory hints reach every node that watches the room', async (t) => {
  const hints = createMemoryHints()
  const [hintsOfOne, hintsOfTwo] = [await recordHints(hints, 'one'), await recordHints(hints, 'two')]
  hints.bus.publish({ event_id: 'e', first_seq: 1, seq: 2 })
  hints.bus.publish({ event_id: 'another', first_seq: 1, seq: 2 })
  hints.replyStreams.open(ref, 'e').append('Isolate')
  hints.feed('one').publishHint('e', { type: 'typing', user_id: 'ada' })
  hints.bus.publishRightsChange()
  await waitForNextTick()
  t.same(hintsOfOne, [['e', 'change'], ['e', 'deltas'], 'rights'])
  t.same(hintsOfTwo, [['e', 'change'], ['e', 'deltas'], ['e', 'typing'], 'rights'], 'a node does not get its own hints')
  hints.feed('two').unsubscribe('e')
  hints.bus.publish({ event_id: 'e', first_seq: 3, seq: 3 })
  await waitForNextTick()
  t.same([hintsOfOne.length, hintsOfTwo.length], [4, 4], 'a node without a subscription gets no hint')
})

test('hints and jobs that the memory hints lose stay lost, and a reconnect reports a gap', async (t) => {
  const hints = createMemoryHints()
  const received = await recordHints(hints, 'one')
  hints.lose('changes', 'jobs')
  hints.bus.publish({ event_id: 'e', first_seq: 1, seq: 2 })
  hints.queue.add([ref])
  hints.bus.publishRightsChange()
  await waitForNextTick()
  t.same([received, hints.queue.waiting], [['rights'], []])
  hints.reconnect()
  hints.queue.add([ref])
  await waitForNextTick()
  t.same([received, hints.queue.waiting], [['rights', 'gap'], [ref]])
})

test('the text of a reply’s highest attempt can be read on any node', async (t) => {
  const hints = createMemoryHints()
  const [firstAttempt, secondAttempt] = [
    hints.replyStreams.open(ref, 'e'),
    hints.replyStreams.open({ ...ref, attempt: 2 }, 'e'),
  ]
  firstAttempt.append('Old')
  secondAttempt.append('Isolate ')
  secondAttempt.append('it.')
  firstAttempt.append('older')
  t.same(await hints.feed('any').findReplyText('reply'), { attempt: 2, next_index: 2, text: 'Isolate it.' })
  hints.lose('replyStreams')
  t.equal(await hints.feed('any').findReplyText('reply'), undefined)
})

test('the memory queue holds a job once and gives it to one worker', async (t: Test) => {
  const { queue } = createMemoryHints()
  const handled: unknown[] = []
  const done = Promise.withResolvers<void>()
  const worker = queue.consume(async (job) => {
    handled.push(job)
    queue.add([job]) // The job is active, so the queue knows it already.
    if (handled.length === 2) done.resolve()
  })
  queue.add([ref, ref])
  queue.add([{ ...ref, attempt: 2 }])
  await done.promise
  await worker.close()
  t.same(handled, [ref, { ...ref, attempt: 2 }])
  queue.add([ref])
  t.same(queue.waiting, [ref], 'a job that is done may be added again')
  queue.flush()
  t.same(queue.waiting, [])
})

test('the memory queue puts first jobs in their order before those that wait', async (t: Test) => {
  const { queue } = createMemoryHints()
  const waiting = { message_id: 'waiting', attempt: 1 }
  const first = { message_id: 'first', attempt: 1 }
  const second = { message_id: 'second', attempt: 1 }
  queue.add([waiting])
  queue.add([first, second], { isFirst: true })
  t.same(queue.waiting, [first, second, waiting])

  for (const job of [first, second, waiting]) t.same(await queue.take(), job)
  const taken = queue.take()
  queue.add(
    [
      { ...first, attempt: 2 },
      { ...second, attempt: 2 },
    ],
    { isFirst: true },
  )
  t.same(await taken, { ...first, attempt: 2 }, 'a worker that waits takes the first one')
})

test('cancellations reach the workers', async (t) => {
  const hints = createMemoryHints()
  const received: string[] = []
  hints.cancels.onCancel((message_id) => received.push(message_id))
  hints.bus.publishCancel('reply')
  hints.lose()
  hints.bus.publishCancel('lost')
  await waitForNextTick()
  t.same(received, ['reply'])
})
