import type { Test } from 'tap'
import { toModelCalls } from '../../../src/operations/model-call-stats.ts'
import { sumReplyStats, toAnalyticsFigures } from '../../../src/operations/reply-stats.ts'
import { toSessionFigures } from '../../../src/operations/session-stats.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  createSession,
  type Harness,
  type MakeHarness,
  type Place,
  runSuite,
} from '../harness.ts'

/** Proves a StatisticsStore. */
export const statisticsContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'statistics', make, proveCounting, proveSessions, proveRecounting)

function proveCounting(t: Test, { stores }: Harness): void {
  const { statistics, messages } = stores

  t.test(
    '[STATS1] a day counts its sessions and people, and per model the ends, error codes, verdicts and times of replies',
    async (t) => {
      const place = await aPlace(stores)
      const answeredId = await askQuestion(stores, place)
      await recordCall(stores, answeredId, 'big', 900)
      await answerReply(stores, answeredId)
      await messages.storeFeedback(place.owner, answeredId, 'down', null)
      await messages.storeFeedback(place.owner, answeredId, 'up', 'changed my mind')
      const failedId = await askQuestion(stores, place)
      await recordCall(stores, failedId, 'big', null)
      await answerReply(stores, failedId, { content: 'Sorry.', error: { code: 'llm_timeout', retryable: true } })
      await messages.cancel(place.owner, await askQuestion(stores, place, place.owner, 'small'))
      await createSession(stores, place)
      await askQuestion(stores, place)
      await askQuestion(stores, place, place.other)

      const countedDays = await statistics.updateDayStats(2)

      t.ok(countedDays >= 1)
      const days = await statistics.listDays('2000-01-01', '2999-12-31')
      t.match(days, [{ day: /^\d{4}-\d\d-\d\d$/, counted_at: /^\d{4}.*Z$/, sessions: 3, people: 2 }])
      const models = new Map(days[0]?.models.map(({ model, stats }) => [model, toAnalyticsFigures(stats)]))
      t.same([...models.keys()].sort(), ['big', 'small', null].sort())
      t.match(models.get('big'), {
        replies: 2,
        answered: 1,
        failed: 1,
        errors: { llm_timeout: 1 },
        verdicts: { up: 1, down: 0 },
        satisfaction: 1,
        completion: 0.5,
        abandonment: 0,
        answer_ms: { mean: 900, p50: 750, p95: 975 },
      })
      t.match(models.get('small'), { cancelled: 1, abandonment: 1, satisfaction: null, answer_ms: null })
      t.match(models.get(null), { replies: 2, unfinished: 2, completion: null })
      const calls = { prompt_tokens: 40, completion_tokens: 2, cost_micros: 9 }
      t.same(toModelCalls(days[0]?.calls ?? {}), [{ model_id: 'big-id', made: 2, failed: 1, cancelled: 0, ...calls }])
    },
  )
}

function proveSessions(t: Test, { stores }: Harness): void {
  const { statistics, messages } = stores
  const readEnds = async () => {
    await statistics.updateDayStats(2)
    const days = await statistics.listDays('2000-01-01', '2999-12-31')
    return toSessionFigures(days.map(({ session_ends }) => session_ends))
  }

  t.test('[STATS4] a session is completed or abandoned by its last reply', async (t) => {
    const before = await readEnds()
    const [recovered, failed, cancelled, waiting] = [
      await aPlace(stores),
      await aPlace(stores),
      await aPlace(stores),
      await aPlace(stores),
    ]
    const error = { content: 'Sorry.', error: { code: 'llm_timeout' as const, retryable: true } }
    await answerReply(stores, await askQuestion(stores, recovered), error)
    await answerReply(stores, await askQuestion(stores, recovered))
    await answerReply(stores, await askQuestion(stores, failed))
    await answerReply(stores, await askQuestion(stores, failed), error)
    await messages.cancel(cancelled.owner, await askQuestion(stores, cancelled))
    await answerReply(stores, await askQuestion(stores, waiting))
    await askQuestion(stores, waiting)

    const after = await readEnds()

    t.same([after.completed - before.completed, after.abandoned - before.abandoned], [1, 2])
  })
}

function proveRecounting(t: Test, { stores }: Harness): void {
  const { statistics } = stores

  t.test('[STATS2] a second count of a day replaces the first one', async (t) => {
    const before = await readStats(stores)
    const place = await aPlace(stores)
    await askQuestion(stores, place)

    await statistics.updateDayStats(2)
    await statistics.updateDayStats(2)

    t.match(await readStats(stores), { replies: before.replies + 1, unfinished: before.unfinished + 1 })
  })

  t.test('[STATS2] a second count includes an answer that came after the first one', async (t) => {
    const before = await readStats(stores)
    const place = await aPlace(stores)
    const lateId = await askQuestion(stores, place)
    await statistics.updateDayStats(2)
    await recordCall(stores, lateId, 'huge', 60)
    await answerReply(stores, lateId)

    await statistics.updateDayStats(2)

    t.match(await readStats(stores), { replies: before.replies + 1, answered: before.answered + 1 })
  })

  t.test('[STATS2] a range of days without questions lists nothing', async (t) => {
    await statistics.updateDayStats(2)

    const days = await statistics.listDays('2000-01-01', '2000-12-31')

    t.same(days, [])
  })
}

/** Asks a question and returns the id of its reply. */
async function askQuestion(
  stores: Stores,
  place: Place,
  user_id = place.owner,
  model: string | null = null,
): Promise<string> {
  return (await stores.messages.ask(aQuestion(place, { user_id, model }))).reply.message.message_id
}

/** Records a call that was successful after `tookMs`, or a failed call if that is null. */
async function recordCall(stores: Stores, message_id: string, model: string, tookMs: number | null): Promise<void> {
  await stores.replies.recordCall({
    message_id,
    attempt: 1,
    model,
    model_id: `${model}-id`,
    first_token_ms: null,
    total_ms: tookMs ?? 7,
    ...(tookMs === null
      ? { outcome: 'failed', error_code: 'llm_timeout', usage: null }
      : { outcome: 'ok', error_code: null, usage: { prompt_tokens: 40, completion_tokens: 2 }, cost_micros: 9 }),
  })
}

async function readStats(stores: Stores) {
  const days = await stores.statistics.listDays('2000-01-01', '2999-12-31')
  return sumReplyStats(days.flatMap(({ models }) => models.map(({ stats }) => stats)))
}
