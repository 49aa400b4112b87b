import type { ModelCapacity } from '@engineer-chat/chat/models'
import type { QueueFacts } from '@engineer-chat/chat/replying'
import t from 'tap'
import { estimateWaitMs } from '../../src/replying/waiting/estimate-wait.ts'

const NO_LIMIT: ModelCapacity = { maxConcurrent: null, requestsPerMinute: null, tokensPerMinute: null }
const createSlot = (ageMs: number, isInUse = true) => ({
  message_id: 'm',
  attempt: 1,
  user_id: 'zoe',
  tokens: 0,
  ageMs,
  isInUse,
})
const createFacts = (fields: Partial<QueueFacts>): QueueFacts => ({
  slots: [],
  waiting: [],
  meanCallMs: null,
  endedCalls: 0,
  windowMs: 60_000,
  ...fields,
})

t.test('[PLACE1] with a limit, a reply begins when as many calls have ended as replies are before it', async (t) => {
  const twoCalls = { ...NO_LIMIT, maxConcurrent: 2 }
  const twoUnderWay = createFacts({ slots: [createSlot(9_000), createSlot(2_000)], meanCallMs: 10_000 })
  const estimates = [1, 2, 3, 4, 5].map((place) => estimateWaitMs(twoCalls, twoUnderWay, place))
  t.same(estimates, [1_000, 8_000, 11_000, 18_000, 21_000])
  t.equal(
    estimateWaitMs(twoCalls, createFacts({ slots: [createSlot(20_000), createSlot(0)], meanCallMs: 10_000 }), 1),
    0,
    'a call that is longer than the mean may end at any moment',
  )
  const oneUnderWay = createFacts({ slots: [createSlot(2_000)], meanCallMs: 10_000 })
  t.equal(estimateWaitMs(twoCalls, oneUnderWay, 1), 0, 'a slot is free')
  t.equal(
    estimateWaitMs(twoCalls, createFacts({ slots: [createSlot(0), createSlot(0)] }), 3),
    null,
    'nobody knows how long a call takes',
  )
})

t.test('[PLACE1] after a limit was lowered, replies also wait for the calls beyond it', async (t) => {
  const slots = [createSlot(9_000), createSlot(7_000), createSlot(4_000), createSlot(2_000)]
  const facts = createFacts({ slots, meanCallMs: 10_000 })
  const twoCalls = { ...NO_LIMIT, maxConcurrent: 2 }
  t.same(
    [1, 2, 3].map((place) => estimateWaitMs(twoCalls, facts, place)),
    [6_000, 8_000, 16_000],
    'after the first two ends, two calls still run',
  )
  const twoPerMinute = { ...NO_LIMIT, requestsPerMinute: 2 }
  t.same(
    [1, 2, 3].map((place) => estimateWaitMs(twoPerMinute, facts, place)),
    [56_000, 58_000, 116_000],
  )
})

t.test('[PLACE1] without a limit, the calls that ended recently give the speed', async (t) => {
  const speed = createFacts({ endedCalls: 30, windowMs: 60_000, meanCallMs: 5_000 })
  t.equal(estimateWaitMs(undefined, speed, 1), 2_000)
  t.equal(estimateWaitMs(undefined, speed, 12), 24_000)
  t.equal(estimateWaitMs(NO_LIMIT, speed, 12), 24_000)
  t.equal(estimateWaitMs(undefined, createFacts({ meanCallMs: 5_000 }), 1), null)
})

t.test('[PLACE1] a limit of requests in a minute makes a place later, never earlier', async (t) => {
  const threePerMinute = { ...NO_LIMIT, requestsPerMinute: 3 }
  const fullMinute = createFacts({ slots: [createSlot(50_000, false), createSlot(30_000, false), createSlot(10_000)] })
  t.same(
    [1, 2, 3, 4].map((place) => estimateWaitMs(threePerMinute, fullMinute, place)),
    [10_000, 30_000, 50_000, 70_000],
  )
  const bothLimits = { ...threePerMinute, maxConcurrent: 1 }
  t.equal(estimateWaitMs(bothLimits, { ...fullMinute, meanCallMs: 11_000 }, 1), 10_000)
  t.equal(estimateWaitMs(bothLimits, { ...fullMinute, meanCallMs: 100_000 }, 1), 90_000)
})
