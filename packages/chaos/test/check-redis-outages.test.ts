import t from 'tap'
import { checkRedisOutages, type OutageFacts } from '../src/check/check-redis-outages.ts'
import { type LlmCall, LONGEST_ANSWER_MS } from '../src/cluster/llm.ts'
import { MAIN_MODEL } from '../src/cluster/models.ts'
import type { Question, SeenEnd } from '../src/load/ledger.ts'

const outage = { how: 'hang' as const, startMs: 0, endMs: 100_000, quietUntilMs: 115_000 }
const PROMISED_MS = LONGEST_ANSWER_MS + 5_000

interface Answered {
  askedMs: number
  seenMs?: number
  overrides?: Partial<SeenEnd>
}

/** Checks questions of one session, in the order in which they were asked. */
function check(answered: Answered[], overrides: Partial<OutageFacts> = {}) {
  const questions = answered.map(
    ({ askedMs }, index): Question => ({
      ...{
        text: `question ${index}`,
        marker: 'w',
        idempotencyKey: 'k',
        user_id: 'u',
        event_id: 'e',
        model: MAIN_MODEL,
      },
      accepted: { session_id: 's', question_id: `q${index}`, reply_id: `r${index}`, atMs: askedMs },
    }),
  )
  const seenEnds = answered.flatMap(
    ({ seenMs, overrides }, index): Array<[string, SeenEnd[]]> =>
      seenMs === undefined ? [] : [[`r${index}`, [{ atMs: seenMs, seq: index, message_type: 'chat', ...overrides }]]],
  )
  return checkRedisOutages({
    outages: [outage],
    calls: [],
    limits: { [MAIN_MODEL]: { maxConcurrent: 1, requestsPerMinute: null } },
    ledger: { questions, seenEnds: new Map(seenEnds), retried: new Set() },
    listPauses: () => [],
    listLogLines: (reply_id) => [`claimed ${reply_id}`],
    marginMs: 0,
    ...overrides,
  })
}

const createCall = (startMs: number, endMs: number, question = 'another question'): LlmCall => ({
  ...{ model: MAIN_MODEL, worker: 'worker-1', question, startMs, endMs },
})

t.test(
  '[CHAOS9] what is asked while Redis is away is answered 5 s beyond the model’s time, with the margin',
  async (t) => {
    const intime = check([{ askedMs: 30_000, seenMs: 30_000 + PROMISED_MS }])
    t.same(intime.violations, [])
    t.same(intime.reports, [{ how: 'hang', duration_ms: 100_000, answered: 1, slowest_ms: 5_000 }])
    const late = [{ askedMs: 30_000, seenMs: 30_001 + PROMISED_MS }]
    t.match(check(late).violations, [
      /asked 30 s after Redis began to hang, was not answered 5001 ms beyond .*: claimed r0/,
    ])
    t.same(check(late, { marginMs: 1 }).violations, [])
    t.match(check([{ askedMs: 99_000 }]).violations, [/was not answered/], 'one that is never answered')
  },
)

t.test('[CHAOS9] only what is asked after a time for recovery and before the return of Redis counts', async (t) => {
  for (const askedMs of [19_000, 101_000]) t.same(check([{ askedMs }]).violations, [], `${askedMs}`)
  const limits = { [MAIN_MODEL]: { maxConcurrent: null, requestsPerMinute: 9 } }
  t.same(check([{ askedMs: 64_000 }], { limits }).violations, [], 'a limit of a minute knows calls of before')
  t.equal(check([{ askedMs: 66_000 }], { limits }).violations.length, 1)
  const unfinished = { askedMs: 112_000 - 13_000 }
  t.equal(check([unfinished]).violations.length, 1)
  t.same(check([unfinished], { outages: [{ ...outage, quietUntilMs: 103_000 }] }).violations, [], 'other faults follow')
})

t.test('[CHAOS9] a question begins to wait when the earlier ones of its session are answered', async (t) => {
  const first = { askedMs: 10_000, seenMs: 60_000 }
  t.same(check([first, { askedMs: 30_000, seenMs: 60_000 + PROMISED_MS }]).violations, [])
  t.equal(check([first, { askedMs: 30_000, seenMs: 60_001 + PROMISED_MS }]).violations.length, 1)
  t.same(check([{ askedMs: 10_000 }, { askedMs: 30_000 }]).violations, [], 'an earlier one is not answered')
})

t.test('[CHAOS9] the time of a full model and of an absent follower does not count', async (t) => {
  const late = [{ askedMs: 30_000, seenMs: 40_000 + PROMISED_MS }]
  t.equal(check(late).violations.length, 1)
  t.same(check(late, { calls: [createCall(29_000, 37_500)] }).violations, [], 'with the time of a sweep after it')
  t.equal(check(late, { calls: [{ ...createCall(29_000, 37_500), model: 'another' }] }).violations.length, 1)
  t.same(check(late, { listPauses: () => [{ startMs: 31_000, endMs: 41_000 }] }).violations, [])
})

t.test('[CHAOS9] an error, and a second call for one question, are violations', async (t) => {
  const good = { askedMs: 30_000, seenMs: 31_000 }
  t.match(check([{ ...good, overrides: { message_type: 'error' } }]).violations, [/ended as an error/])
  const calls = [createCall(30_100, 30_900, 'question 0'), createCall(50_000, 50_900, 'question 0')]
  t.match(check([good], { calls }).violations, [/was answered by 2 calls/])
  t.same(check([good], { calls: [...calls.slice(0, 1), createCall(116_000, 117_000, 'question 0')] }).violations, [])
})
