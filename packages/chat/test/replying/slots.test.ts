import type { ModelCapacity } from '@engineer-chat/chat/models'
import { decideSlot, type Slot, type SlotWaiter } from '@engineer-chat/chat/replying'
import t from 'tap'
import { countFreeSlots, isSlotOver, listNextReplies, orderFairly } from '../../src/replying/waiting/slots.ts'

const UNLIMITED: ModelCapacity = { maxConcurrent: null, requestsPerMinute: null, tokensPerMinute: null }
const createSlot = (fields: Partial<Slot> = {}): Slot => ({
  message_id: 'running',
  attempt: 1,
  user_id: 'zoe',
  tokens: 0,
  ageMs: 1_000,
  isInUse: true,
  ...fields,
})
const createSlots = (count: number, fields: Partial<Slot> = {}): Slot[] =>
  Array.from({ length: count }, () => createSlot(fields))
/** Makes a reply whose name begins with its user, as in `alice 3`. */
const createReply = (name: string, acceptedAtMs: number, fields: Partial<SlotWaiter> = {}): SlotWaiter => ({
  message_id: name,
  attempt: 1,
  user_id: name.split(' ')[0] ?? '',
  acceptedAtMs,
  isClaimed: false,
  ...fields,
})
const listIds = (replies: SlotWaiter[]): string[] => replies.map(({ message_id }) => message_id)

t.test(
  '[SLOT1] slots in use count against the limit of simultaneous calls, those of the last minute against its limits',
  async (t) => {
    const tenCalls = { ...UNLIMITED, maxConcurrent: 10 }
    t.equal(countFreeSlots(tenCalls, createSlots(9)), 1)
    t.equal(countFreeSlots(tenCalls, createSlots(10)), 0)
    t.equal(countFreeSlots(tenCalls, createSlots(12)), 0, 'also after the limit was lowered')
    t.equal(countFreeSlots(tenCalls, createSlots(10, { isInUse: false })), 10, 'a call that is over holds no slot')
    const tenPerMinute = { ...UNLIMITED, requestsPerMinute: 10 }
    t.equal(countFreeSlots(tenPerMinute, createSlots(9, { isInUse: false })), 1)
    t.equal(countFreeSlots(tenPerMinute, createSlots(10, { isInUse: false })), 0)
    t.equal(countFreeSlots(tenPerMinute, createSlots(10, { ageMs: 60_000 })), 10, 'a minute later')
    t.equal(countFreeSlots(UNLIMITED, createSlots(1_000)), Number.POSITIVE_INFINITY)
  },
)

t.test('[SLOT1] a slot is kept while it counts towards a limit', async (t) => {
  t.notOk(isSlotOver(createSlot({ isInUse: true, ageMs: 600_000 })))
  t.notOk(isSlotOver(createSlot({ isInUse: false, ageMs: 59_999 })))
  t.ok(isSlotOver(createSlot({ isInUse: false, ageMs: 60_000 })))
})

t.test('[SLOT2] a user’s first question comes before another user’s second one, however many wait', async (t) => {
  const fiftyOfAlice = Array.from({ length: 50 }, (_, index) => createReply(`alice ${index}`, index))
  const order = listIds(orderFairly([...fiftyOfAlice, createReply('bob 1', 1_000), createReply('carol 1', 2_000)], []))
  t.same(order.slice(0, 5), ['alice 0', 'bob 1', 'carol 1', 'alice 1', 'alice 2'])
  t.equal(order.length, 52)
})

t.test('[SLOT2] a user’s running calls count as earlier questions; within a turn the age decides', async (t) => {
  const waiting = [
    createReply('alice 1', 5),
    createReply('bob 2', 3),
    createReply('bob 1', 1),
    createReply('carol 1', 4),
  ]
  t.same(listIds(orderFairly(waiting, [])), ['bob 1', 'carol 1', 'alice 1', 'bob 2'])
  const running = [createSlot({ user_id: 'bob' }), createSlot({ user_id: 'carol' }), createSlot({ user_id: 'carol' })]
  t.same(listIds(orderFairly(waiting, running)), ['alice 1', 'bob 1', 'bob 2', 'carol 1'])
})

t.test('[SLOT2] a slot goes to the reply that is next in order, also if a newer one asks for it first', async (t) => {
  const threeCalls = { ...UNLIMITED, maxConcurrent: 3 }
  const waiting = [createReply('alice 1', 1), createReply('bob 1', 2)]
  const slots = createSlots(1)
  t.same(decideSlot(threeCalls, { slots, waiting }, createReply('carol 1', 3), 0), {
    isGranted: false,
    retryAfterMs: null,
  })
  t.same(decideSlot(threeCalls, { slots, waiting }, createReply('bob 1', 2), 0), { isGranted: true })
  t.same(decideSlot(threeCalls, { slots, waiting: [] }, createReply('carol 1', 3), 0), { isGranted: true })
})

t.test('[SLOT3] if the limit of a minute is reached, the decision says when there is room again', async (t) => {
  const threePerMinute = { ...UNLIMITED, requestsPerMinute: 3 }
  const recent = [50_000, 10_000, 30_000].map((ageMs) => createSlot({ ageMs, isInUse: false }))
  const decide = (slots: Slot[]) => decideSlot(threePerMinute, { slots, waiting: [] }, createReply('bob 1', 1), 0)
  t.same(decide(recent), { isGranted: false, retryAfterMs: 10_000 })
  t.same(decide([...recent, createSlot({ ageMs: 5_000 })]), { isGranted: false, retryAfterMs: 30_000 })
  t.same(decide(recent.slice(1)), { isGranted: true })
})

t.test(
  '[SLOT3] a call that fits into the tokens of a minute gets a slot; one that is too large gets it if no other call counts',
  async (t) => {
    const limit = { ...UNLIMITED, tokensPerMinute: 1_000 }
    const recent = [createSlot({ ageMs: 40_000, tokens: 500 }), createSlot({ ageMs: 20_000, tokens: 300 })]
    const decide = (slots: Slot[], tokens: number) =>
      decideSlot(limit, { slots, waiting: [] }, createReply('bob 1', 1), tokens)
    t.same(decide(recent, 200), { isGranted: true })
    t.same(decide(recent, 201), { isGranted: false, retryAfterMs: 20_000 })
    t.same(decide(recent, 701), { isGranted: false, retryAfterMs: 40_000 })
    t.same(decide(recent, 5_000), { isGranted: false, retryAfterMs: 40_000 })
    t.same(decide([], 5_000), { isGranted: true })
  },
)

t.test('[SLOT4] the next replies are woken, but not one that a worker has claimed', async (t) => {
  const capacity = { ...UNLIMITED, maxConcurrent: 3 }
  const waiting = [createReply('alice 1', 1, { isClaimed: true }), createReply('bob 1', 2), createReply('carol 1', 3)]
  t.same(listIds(listNextReplies(capacity, { slots: createSlots(1), waiting })), ['bob 1'])
  t.same(listIds(listNextReplies(capacity, { slots: createSlots(3), waiting })), [])
  t.same(listIds(listNextReplies(capacity, { slots: [], waiting })), ['bob 1', 'carol 1'])
})
