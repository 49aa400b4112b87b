import type { LlmCall } from '@engineer-chat/chat/replying'
import { Histogram, type Registry } from 'prom-client'
import { createCounter } from './gauges.ts'

const FIRST_TOKEN_BUCKETS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30]

/**
 * Counts a worker's calls to models and its sweeps. `offlineModelIds` names the models that are not called over the
 * network.
 */
export function createReplyCounters(registry: Registry, offlineModelIds: ReadonlySet<string>) {
  const calls = createCounter(registry, 'engineer_chat_ai_calls_total', 'Calls to models.', [
    'model',
    'outcome',
    'cause',
  ])
  const serviceCalls = createCounter(
    registry,
    'engineer_chat_ai_service_calls_total',
    'Calls to models over the network: all but those of the offline analyst.',
  )
  const serviceFailures = createCounter(
    registry,
    'engineer_chat_ai_service_failures_total',
    'Calls to models over the network that failed, without cancelled ones and those that a busy model refused.',
  )
  const firstToken = new Histogram({
    name: 'engineer_chat_ai_first_token_seconds',
    help: 'Time from a call to the first piece of its text.',
    labelNames: ['model'],
    buckets: FIRST_TOKEN_BUCKETS,
    registers: [registry],
  })
  const sweeps = createCounter(registry, 'engineer_chat_sweeps_total', 'Searches for replies that no worker writes.')
  const swept = createCounter(registry, 'engineer_chat_swept_replies_total', 'Replies that a sweep queued again.')
  const postponed = createCounter(
    registry,
    'engineer_chat_replies_postponed_total',
    'Postponements of replies whose models were all busy, by the first model of the chain.',
    ['model'],
  )
  return {
    countPostponed: (model: string): void => postponed.inc({ model }),
    countCall(call: LlmCall): void {
      const { model, model_id = model, outcome, error_code, first_token_ms, isFromBusyModel = false } = call
      calls.inc({ model, outcome, cause: error_code ?? 'none' })
      if (!offlineModelIds.has(model_id)) {
        serviceCalls.inc()
        if (outcome === 'failed' && !isFromBusyModel) serviceFailures.inc()
      }
      if (first_token_ms !== null) firstToken.observe({ model }, first_token_ms / 1_000)
    },
    countSweep(found: number): void {
      sweeps.inc()
      swept.inc(found)
    },
  }
}
