import { createModelHealthTracker } from '@engineer-chat/chat/operations'
import t from 'tap'

const call = { message_id: 'a-reply', attempt: 1, model: 'gpt', usage: null, first_token_ms: null, total_ms: 9 }

t.test('[HEALTH1] a worker remembers the last answer and failure of each of its models', (t) => {
  let nowMs = 1_000
  const health = createModelHealthTracker(['big', 'small'], () => nowMs)
  health.recordCall({ ...call, model_id: 'big', outcome: 'ok', error_code: null })
  nowMs = 2_000
  health.recordCall({ ...call, model_id: 'big', outcome: 'failed', error_code: 'llm_timeout' })

  nowMs = 3_000
  const refused = { ...call, outcome: 'failed', error_code: 'llm_unavailable', isFromBreaker: true } as const
  health.recordCall({ ...refused, model_id: 'big' })

  // The breaker's own refusal does not hide the failure that opened it.
  t.same(health.listReports([{ model_id: 'big', state: 'open' }]), [
    {
      model_id: 'big',
      breaker: 'open',
      last_success_at: '1970-01-01T00:00:01.000Z',
      last_failure_at: '1970-01-01T00:00:02.000Z',
      last_failure_code: 'llm_timeout',
    },
    { model_id: 'small', breaker: null, last_success_at: null, last_failure_at: null, last_failure_code: null },
  ])
  t.end()
})

t.test('[HEALTH1] a cancelled call and a call that a busy model refused are no failures', (t) => {
  const health = createModelHealthTracker(['big'], () => 1_000)
  health.recordCall({ ...call, model_id: 'big', outcome: 'cancelled', error_code: null })
  for (const error_code of ['llm_rate_limited', 'llm_unavailable'])
    health.recordCall({ ...call, model_id: 'big', outcome: 'failed', error_code, isFromBusyModel: true })
  health.recordCall({ ...call, model_id: 'another', outcome: 'failed', error_code: 'llm_timeout' })
  t.match(health.listReports([]), [{ last_success_at: null, last_failure_at: null }])
  t.equal(health.listReports([]).length, 1)
  t.end()
})
