import {
  createChatCounters,
  createMetrics,
  createReplyCounters,
  createSessionCounter,
  measureBacklog,
  measureBreakers,
  measureBudgets,
  measureBuild,
  measureClock,
  measureMysql,
  measurePool,
  measureQueue,
  measureRedis,
  measureTotalSessions,
} from '@engineer-chat/adapters/metrics'
import { findPromtool } from '@engineer-chat/local-stack/testing'
import t from 'tap'

const { skip, runPromtool } = findPromtool()

/** Collects all metrics of the two apps except those of sockets, which the API's test checks. */
function measureEverything() {
  const { registry, ...metrics } = createMetrics('test')
  createChatCounters(registry).countQuestion(1)
  const replies = createReplyCounters(registry, new Set(['offline']))
  const call = {
    message_id: 'a-message',
    attempt: 1,
    model: 'm',
    outcome: 'failed',
    error_code: 'llm_timeout',
  } as const
  replies.countCall({ ...call, usage: null, first_token_ms: 120, total_ms: 900 })
  replies.countSweep(2)
  measurePool(registry, () => ({ used: 3, free: 7, waiting: 1 }))
  measureBacklog(registry, async () => ({ unfinished: 4, oldestSeconds: 12.5 }))
  measureTotalSessions(registry, async () => 12)
  measureQueue(registry, async () => ({
    queue: 'ai-reply',
    counts: { waiting: 2, active: 1 },
    oldestWaitingSeconds: 3,
  }))
  measureBreakers(registry, () => [{ model_id: 'm', state: 'open' }])
  measureBudgets(registry, async () => [{ scope: 'all', unit: 'money', limit: 100, used: 91.5 }])
  measureRedis(registry, () => 'down')
  measureMysql(registry, async () => {})
  measureBuild(registry, { commit: '3833a27' })
  measureClock(registry, () => -1_500)
  metrics.apiResponse.observe({ method: 'GET', route: '/x', status: '200' }, 0.1)
  return registry
}

t.test(
  '[METRIC3] queue, backlog, pool, calls, sweeps, breakers and budgets are shown, and a metric that cannot be read is left out',
  async (t) => {
    const text = await measureEverything().metrics()
    for (const line of [
      /^bullmq_job_count\{queue="ai-reply",state="waiting",component="test"\} 2$/m,
      /^bullmq_job_oldest_waiting_seconds\{.*\} 3$/m,
      /^engineer_chat_replies_unfinished\{.*\} 4$/m,
      /^engineer_chat_oldest_reply_age_seconds\{.*\} 12.5$/m,
      /^engineer_chat_mysql_connections\{state="used".*\} 3$/m,
      /^engineer_chat_mysql_waiting\{.*\} 1$/m,
      /^engineer_chat_ai_calls_total\{model="m",outcome="failed",cause="llm_timeout".*\} 1$/m,
      /^engineer_chat_ai_first_token_seconds_count\{.*model="m".*\} 1$/m,
      /^engineer_chat_swept_replies_total\{.*\} 2$/m,
      /^engineer_chat_sessions_started_total\{.*\} 1$/m,
      /^engineer_chat_ai_breaker_state\{model="m",state="open".*\} 1$/m,
      /^engineer_chat_ai_breaker_state\{model="m",state="closed".*\} 0$/m,
      /^engineer_chat_budget_limit\{scope="all",unit="money".*\} 100$/m,
      /^engineer_chat_budget_used\{scope="all",unit="money".*\} 91.5$/m,
      /^engineer_chat_redis_up\{.*\} 0$/m,
      /^engineer_chat_mysql_up\{.*\} 1$/m,
      /^engineer_chat_mysql_clock_offset_seconds\{.*\} -1.5$/m,
      /^nodejs_eventloop_lag_p99_seconds\{/m,
    ]) {
      t.match(text, line)
    }
    const { registry } = createMetrics('test')
    measureQueue(registry, () => Promise.reject(new Error('Redis is down')))
    t.notMatch(await registry.metrics(), /^bullmq_job_count\{/m)
  },
)

t.test('[METRIC7] sessions and calls to models have the names of the specification', async (t) => {
  const { registry } = createMetrics('test')
  const { countEndedSession } = createSessionCounter(registry)
  const { countCall } = createReplyCounters(registry, new Set(['offline']))
  const call = { message_id: 'a-message', attempt: 1, model: 'm', usage: null, first_token_ms: null, total_ms: 9 }
  measureTotalSessions(registry, async () => 12)

  for (const questions of [0, 3, 5]) countEndedSession(questions) // A session without questions is not counted.
  countCall({ ...call, outcome: 'ok', error_code: null })
  countCall({ ...call, outcome: 'failed', error_code: 'llm_timeout' })
  // A busy model sends these two refusals, so they are not failures.
  countCall({ ...call, outcome: 'failed', error_code: 'llm_rate_limited', isFromBusyModel: true })
  countCall({ ...call, outcome: 'failed', error_code: 'llm_unavailable', isFromBusyModel: true })
  countCall({ ...call, outcome: 'cancelled', error_code: null })
  countCall({ ...call, model: 'offline-analyst', model_id: 'offline', outcome: 'ok', error_code: null })

  const text = await registry.metrics()
  for (const line of [
    /^engineer_chat_total_sessions\{.*\} 12$/m,
    /^engineer_chat_messages_per_session_count\{.*\} 2$/m,
    /^engineer_chat_messages_per_session_sum\{.*\} 8$/m,
    /^engineer_chat_ai_service_calls_total\{.*\} 5$/m,
    /^engineer_chat_ai_service_failures_total\{.*\} 1$/m,
  ]) {
    t.match(text, line)
  }
})

t.test('[METRIC8] a metric whose read hangs is left out, and the others are shown', async (t) => {
  const { registry } = createMetrics('test')
  measureBacklog(registry, () => new Promise(() => {}))
  measureRedis(registry, () => 'down')

  const text = await registry.metrics()

  t.notMatch(text, /^engineer_chat_replies_unfinished\{/m)
  t.match(text, /^engineer_chat_redis_up\{.*\} 0$/m)
})

t.test('[METRIC4] no label names an event, a session, a user or a message', async (t) => {
  const labels = (await measureEverything().getMetricsAsJSON()).flatMap(({ values }) =>
    (values as Array<{ labels: object }>).flatMap((value) => Object.keys(value.labels)),
  )
  const allowed =
    'method route status model outcome cause queue state rating scope unit component le quantile kind type space version major minor patch commit'
  t.same(
    [...new Set(labels)].filter((label) => !allowed.split(' ').includes(label)),
    [],
  )
})

t.test('[METRIC5] promtool reports no problem with any name', { skip }, async (t) => {
  const input = await measureEverything().metrics()
  const { status, output } = runPromtool(['check', 'metrics'], { input })
  t.equal(status, 0, output)
})

t.test('[METRIC9] each read shows the lag of the event loop since the read before it', async (t) => {
  const { registry } = createMetrics('test')
  const readMaxSeconds = async () => {
    const [, max] = /^nodejs_eventloop_lag_max_seconds\{.*\} (.+)$/m.exec(await registry.metrics()) ?? []
    return Number(max)
  }
  // The lag is sampled every 50 ms. Timers fire in the order in which they are due, so a sample comes before this ends.
  const waitForSample = () => new Promise((resolve) => setTimeout(resolve, 120))
  await readMaxSeconds()
  await waitForSample() // After a read, the histogram measures from its next sample.
  const blockedUntilMs = performance.now() + 400
  while (performance.now() < blockedUntilMs);
  await waitForSample()
  const blockedLagSeconds = await readMaxSeconds()
  const laterLagSeconds = await readMaxSeconds()
  t.ok(blockedLagSeconds > 0.25 && blockedLagSeconds < 10, `${blockedLagSeconds} s`)
  t.ok(laterLagSeconds < 0.25, `${laterLagSeconds} s since then`)
})
