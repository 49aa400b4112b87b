import type { createReplyCounters, Metrics } from '@engineer-chat/adapters/metrics'
import type { AnswerContext, ReplyStore } from '@engineer-chat/chat/replying'
import { Gauge } from 'prom-client'

export function measureReplies({ aiResponseGeneration }: Metrics): NonNullable<AnswerContext['measure']> {
  return ({ model, outcome, duration_ms }) => aiResponseGeneration.observe({ model, outcome }, duration_ms / 1_000)
}

/** Counts each call, also if its record cannot be stored. */
export function recordCalls(
  replies: ReplyStore,
  { countCall }: ReturnType<typeof createReplyCounters>,
): ReplyStore['recordCall'] {
  return (call) => {
    countCall(call)
    return replies.recordCall(call)
  }
}

/** Counts the replies that are being written. */
export function createInFlightGauge({ registry }: Metrics): (work: Promise<void>) => Promise<void> {
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
