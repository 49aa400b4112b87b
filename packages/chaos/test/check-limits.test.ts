import t from 'tap'
import { checkLimits } from '../src/check/check-limits.ts'
import { listOverlaps, measureCoveredMs } from '../src/check/intervals.ts'
import type { InjectedFault } from '../src/faults/fault-injector.ts'
import type { LlmCall } from '../src/testbed/llm.ts'
import { MAIN_MODEL, RARE_MODEL } from '../src/testbed/models.ts'

const limits = {
  [MAIN_MODEL]: { maxConcurrent: 2, requestsPerMinute: null },
  [RARE_MODEL]: { maxConcurrent: null, requestsPerMinute: 2 },
}
const createCall = (startMs: number, endMs: number, overrides: Partial<LlmCall> = {}): LlmCall => ({
  model: MAIN_MODEL,
  worker: 'worker-1',
  question: 'question 1',
  startMs,
  endMs,
  ...overrides,
})
const createFault = (targets: string[], startMs: number, endMs: number): InjectedFault => ({
  type: 'freeze',
  targets,
  startMs,
  endMs,
})

t.test(
  '[CHAOS8] it is a violation if the calls of all workers together exceed a model’s limit of concurrent calls',
  async (t) => {
    const calls = [createCall(0, 100), createCall(50, 150, { worker: 'worker-2' }), createCall(100, 200)]
    t.same(checkLimits(calls, [], limits), [], 'a call may begin when another one ends')
    const [violation, ...others] = checkLimits([...calls, createCall(120, 130)], [], limits)
    t.match(violation, /had more than 2 calls at once for 10 ms: .*worker-1 with/)
    t.same(others, [])
  },
)

t.test('[CHAOS8] a call is ignored if its lease may have lapsed during the call', async (t) => {
  // A lease lasts 8 s, so the lease of the first call may have lapsed before the other two calls.
  const calls = [createCall(0, 9_000), createCall(8_100, 9_000), createCall(8_200, 9_000, { worker: 'worker-2' })]
  t.equal(checkLimits(calls, [], limits).length, 1)
  for (const target of ['worker-1', 'worker-1→mysql', 'worker-1→llm', 'mysql'])
    t.same(checkLimits(calls, [createFault([target], 10, 8_300)], limits), [], target)
  for (const target of ['worker-3', 'api-1', 'worker-1→redis', 'redis'])
    t.equal(checkLimits(calls, [createFault([target], 10, 8_300)], limits).length, 1, target)
  const deploy: InjectedFault = { type: 'deploy', targets: ['deploy', 'worker-1'], startMs: 0, endMs: 9_000 }
  t.equal(checkLimits(calls, [deploy], limits).length, 1, 'a deploy ends no lease early')
  t.equal(
    checkLimits(calls, [createFault(['mysql'], -9_000, -6_000)], limits).length,
    1,
    'a fault that ended more than 5 s before the calls',
  )
})

t.test('[CHAOS8] it is a violation if a model gets more calls in a minute than its limit', async (t) => {
  const listCalls = (lastStartMs: number) =>
    [0, 1_000, lastStartMs].map((startMs) => createCall(startMs, startMs + 10, { model: RARE_MODEL }))
  t.same(checkLimits(listCalls(60_000), [], limits), [])
  t.match(checkLimits(listCalls(40_000), [], limits), [
    /had more than 2 calls in a minute: (worker-1 with "question 1"(, )?){3}$/,
  ])
})

t.test('[CHAOS8] the measured time counts overlapping intervals once, and their overlaps are listed', async (t) => {
  const intervals = [
    { startMs: 0, endMs: 10 },
    { startMs: 5, endMs: 20 },
    { startMs: 30, endMs: Number.POSITIVE_INFINITY },
  ]
  t.equal(measureCoveredMs(intervals, 2, 40), 28)
  t.equal(measureCoveredMs(intervals, 20, 30), 0)
  t.same(listOverlaps(intervals, 2), [{ startMs: 5, endMs: 10 }])
})
