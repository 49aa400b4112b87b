import t from 'tap'
import { checkRedisOutages, type OutageCheckInput } from '../src/check/check-redis-outages.ts'
import type { Question, ReceivedFinalRow } from '../src/load/ledger.ts'
import { type LlmCall, LONGEST_ANSWER_MS } from '../src/testbed/llm.ts'
import { MAIN_MODEL } from '../src/testbed/models.ts'

const outage = { kind: 'hang' as const, startMs: 0, endMs: 100_000, faultFreeUntilMs: 115_000 }
const MAX_ANSWER_MS = LONGEST_ANSWER_MS + 5_000

interface TimedQuestion {
  askedMs: number
  /** Says when the follower received the final row; undefined if no final row came. */
  seenMs?: number
  finalRow?: Partial<ReceivedFinalRow>
  /** Says when the follower received a second final row. */
  seenAgainMs?: number
  isRetried?: boolean
}

/** Checks questions of one session, in the order in which they were asked. */
function check(timedQuestions: TimedQuestion[], overrides: Partial<OutageCheckInput> = {}) {
  const questions = timedQuestions.map(
    ({ askedMs }, index): Question => ({
      text: `question ${index}`,
      marker: 'w',
      idempotencyKey: 'k',
      user_id: 'u',
      event_id: 'e',
      model: MAIN_MODEL,
      accepted: { session_id: 's', question_id: `q${index}`, reply_id: `r${index}`, atMs: askedMs },
    }),
  )
  const receivedFinalRows = timedQuestions.flatMap(
    ({ seenMs, seenAgainMs, finalRow }, index): Array<[string, ReceivedFinalRow[]]> => {
      const times = [seenMs, seenAgainMs].filter((atMs) => atMs !== undefined)
      const finalRows = times.map((atMs, rowIndex): ReceivedFinalRow => {
        return { atMs, seq: index + rowIndex * timedQuestions.length, message_type: 'chat', ...finalRow }
      })
      return finalRows.length === 0 ? [] : [[`r${index}`, finalRows]]
    },
  )
  const retriedReplyIds = timedQuestions.flatMap(({ isRetried }, index) => (isRetried ? [`r${index}`] : []))
  return checkRedisOutages({
    outages: [outage],
    calls: [],
    limits: { [MAIN_MODEL]: { maxConcurrent: 1, requestsPerMinute: null } },
    ledger: { questions, receivedFinalRows: new Map(receivedFinalRows), retriedReplyIds: new Set(retriedReplyIds) },
    listPauses: () => [],
    listLogLines: (reply_id) => [`claimed ${reply_id}`],
    marginMs: 0,
    ...overrides,
  })
}

const createCall = (startMs: number, endMs: number, question = 'another question'): LlmCall => ({
  model: MAIN_MODEL,
  worker: 'worker-1',
  question,
  startMs,
  endMs,
})

t.test(
  '[CHAOS9] during an outage of Redis a question is answered within 5 s plus the margin plus the model’s time',
  async (t) => {
    const inTime = check([{ askedMs: 30_000, seenMs: 30_000 + MAX_ANSWER_MS }])
    t.same(inTime.violations, [])
    t.same(inTime.reports, [{ how: 'hang', duration_ms: 100_000, answered: 1, slowest_ms: 5_000 }])
    const answeredLate = [{ askedMs: 30_000, seenMs: 30_001 + MAX_ANSWER_MS }]
    t.match(check(answeredLate).violations, [
      /asked 30 s into the outage \(hang\), took 5001 ms longer than .*: claimed r0/,
    ])
    t.same(check(answeredLate, { marginMs: 1 }).violations, [])
    const answeredEarly = [{ askedMs: 30_000, seenMs: 29_900 }]
    t.same(
      check(answeredEarly).violations,
      [],
      'the final row may come before the HTTP response that accepts the question',
    )
    t.match(check([{ askedMs: 99_000 }]).violations, [/was still not answered/], 'a question that is never answered')
  },
)

t.test(
  '[CHAOS9] the check ignores questions that are asked before the recovery time is over or after Redis is back',
  async (t) => {
    // The recovery time is 20 s, or 65 s for a model with a limit of calls in a minute. The outage ends after 100 s.
    for (const askedMs of [19_000, 101_000]) t.same(check([{ askedMs }]).violations, [], `${askedMs}`)
    const limits = { [MAIN_MODEL]: { maxConcurrent: null, requestsPerMinute: 9 } }
    t.same(check([{ askedMs: 64_000 }], { limits }).violations, [], 'within the recovery time of a limit per minute')
    t.equal(check([{ askedMs: 66_000 }], { limits }).violations.length, 1, 'after this recovery time')
    const unanswered = { askedMs: 99_000 }
    t.equal(check([unanswered]).violations.length, 1)
    t.same(
      check([unanswered], { outages: [{ ...outage, faultFreeUntilMs: 103_000 }] }).violations,
      [],
      'another fault may begin before the answer is late',
    )
  },
)

t.test(
  '[CHAOS9] the wait of a question is measured from the answers to the earlier questions of its session',
  async (t) => {
    const firstQuestion = { askedMs: 10_000, seenMs: 60_000 }
    t.same(check([firstQuestion, { askedMs: 30_000, seenMs: 60_000 + MAX_ANSWER_MS }]).violations, [])
    t.equal(check([firstQuestion, { askedMs: 30_000, seenMs: 60_001 + MAX_ANSWER_MS }]).violations.length, 1)
    t.same(check([{ askedMs: 10_000 }, { askedMs: 30_000 }]).violations, [], 'an earlier question is not answered')
  },
)

t.test(
  '[CHAOS9] a share of the session, which gives an earlier reply another final row, hides no late answer',
  async (t) => {
    const firstQuestion = { askedMs: 30_000, seenMs: 31_000 }
    const lateQuestion = { askedMs: 32_000, seenMs: 50_000 }
    const expected = [/"question 1" .* took 16560 ms longer than/]
    t.match(check([firstQuestion, lateQuestion]).violations, expected)
    const sharedQuestion = { ...firstQuestion, seenAgainMs: 49_000 }
    const { violations } = check([sharedQuestion, lateQuestion])
    t.match(violations, expected)
    t.equal(violations.length, 1)
    t.same(
      check([{ ...sharedQuestion, isRetried: true }, lateQuestion]).violations,
      [],
      'the second final row of a retried reply may be a new answer, so the next question may have waited for it',
    )
  },
)

t.test('[CHAOS9] periods in which the model is busy or the follower is not connected do not count', async (t) => {
  const answeredLate = [{ askedMs: 30_000, seenMs: 40_000 + MAX_ANSWER_MS }]
  t.equal(check(answeredLate).violations.length, 1)
  t.same(
    check(answeredLate, { calls: [createCall(29_000, 37_500)] }).violations,
    [],
    'including the time until a sweep',
  )
  t.equal(check(answeredLate, { calls: [{ ...createCall(29_000, 37_500), model: 'another' }] }).violations.length, 1)
  t.same(check(answeredLate, { listPauses: () => [{ startMs: 31_000, endMs: 41_000 }] }).violations, [])
})

t.test('[CHAOS9] an error, and a second call for one question, are violations', async (t) => {
  const answeredInTime = { askedMs: 30_000, seenMs: 31_000 }
  t.match(check([{ ...answeredInTime, finalRow: { message_type: 'error' } }]).violations, [/ended as an error/])
  const firstCall = createCall(30_100, 30_900, 'question 0')
  const calls = [firstCall, createCall(50_000, 50_900, 'question 0')]
  t.match(check([answeredInTime], { calls }).violations, [/was answered by 2 calls/])
  const laterCall = createCall(116_000, 117_000, 'question 0')
  t.same(
    check([answeredInTime], { calls: [firstCall, laterCall] }).violations,
    [],
    'a call after the fault-free time does not count',
  )
})
