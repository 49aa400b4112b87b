import type { createReplyCounters, Metrics } from '@engineer-chat/adapters/metrics'
import type { createModelHealthTracker } from '@engineer-chat/chat/operations'
import type { AnswerContext, ReplyStore } from '@engineer-chat/chat/replying'
import { Gauge } from 'prom-client'

/**
 * Returns a function that records how long each reply took. The series of errors that name no model starts with 0:
 * Prometheus counts increases, so it would not count the first error of a series that did not exist before.
 */
export function createDurationRecorder({
  aiResponseGeneration,
}: Metrics): NonNullable<AnswerContext['recordDuration']> {
  aiResponseGeneration.zero({ model: 'none', outcome: 'error' })
  return ({ model, outcome, duration_ms }) => aiResponseGeneration.observe({ model, outcome }, duration_ms / 1_000)
}

/** Returns a `recordCall` that counts each call, even if the call cannot be stored. */
export function createCallRecorder(
  replies: ReplyStore,
  { countCall }: ReturnType<typeof createReplyCounters>,
  health: ReturnType<typeof createModelHealthTracker>,
): ReplyStore['recordCall'] {
  return (call) => {
    countCall(call)
    health.recordCall(call)
    return replies.recordCall(call)
  }
}

/** Returns a function that counts a job in the gauge until its promise settles. */
export function createInFlightTracker({ registry }: Metrics): (work: Promise<void>) => Promise<void> {
  const gauge = new Gauge({
    name: 'engineer_chat_replies_in_flight',
    help: 'Jobs that this worker is working on.',
    registers: [registry],
  })
  return async (work) => {
    gauge.inc()
    await work.finally(() => gauge.dec())
  }
}
