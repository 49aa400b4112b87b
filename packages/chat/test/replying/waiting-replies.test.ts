import type { Catalogue } from '@engineer-chat/chat/models'
import { listWaitingReplies, type QueueFacts, type WaitStore } from '@engineer-chat/chat/replying'
import t from 'tap'

const createModel = (id: string, maxConcurrent: number): Catalogue['models'][number] => ({
  id,
  provider: 'test',
  context_window: null,
  max_tokens: null,
  prices: null,
  choose_for: [],
  fallbacks: [],
  capacity: { maxConcurrent, requestsPerMinute: null, tokensPerMinute: null },
})
const models: Catalogue = { default: 'slow', models: [createModel('slow', 1), createModel('quick', 1)] }
const createReply = (message_id: string, user_id: string, acceptedAtMs: number) => ({
  message_id,
  user_id,
  acceptedAtMs,
  attempt: 1,
  isClaimed: false,
})
const running = { message_id: 'm', attempt: 1, user_id: 'zoe', tokens: 0, ageMs: 0, isInUse: true }

function createWaits(own: Array<[message_id: string, model_id: string]>, queues: Record<string, Partial<QueueFacts>>) {
  const waits: WaitStore = {
    listOwn: async () => own.map(([message_id, model_id]) => ({ message_id, model_id })),
    readQueue: async (model_id) => ({
      slots: [running],
      waiting: [],
      meanCallMs: 10_000,
      endedCalls: 0,
      windowMs: 60_000,
      ...queues[model_id],
    }),
  }
  return waits
}

t.test('[PLACE1] a place is the one of the fair order, not of the arrival', async (t) => {
  const waiting = [createReply('a1', 'alice', 1), createReply('a2', 'alice', 2), createReply('b1', 'bob', 3)]
  const waits = createWaits([['b1', 'slow']], { slow: { waiting } })
  t.same(await listWaitingReplies({ waits, models }, 'bob', 'e'), [{ message_id: 'b1', place: 2, expected_wait_s: 20 }])
})

t.test('[PLACE1] if a reply waits for several models, the shortest expected wait counts', async (t) => {
  const waiting = [createReply('b1', 'bob', 1)]
  const queues = { slow: { waiting, meanCallMs: 60_000 }, quick: { waiting, meanCallMs: 3_000 } }
  const ids: Array<[string, string]> = [
    ['b1', 'slow'],
    ['b1', 'quick'],
  ]
  for (const own of [ids, ids.toReversed()]) {
    const found = await listWaitingReplies({ waits: createWaits(own, queues), models }, 'bob', 'e')
    t.same(found, [{ message_id: 'b1', place: 1, expected_wait_s: 3 }])
  }
})

t.test('[PLACE1] without a speed no time is estimated; a reply that has left the queue has no place', async (t) => {
  const waits = createWaits(
    [
      ['b1', 'slow'],
      ['b2', 'slow'],
    ],
    { slow: { waiting: [createReply('b1', 'bob', 1)], meanCallMs: null } },
  )
  t.same(await listWaitingReplies({ waits, models }, 'bob', 'e'), [
    { message_id: 'b1', place: 1, expected_wait_s: null },
  ])
})
