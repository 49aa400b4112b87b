import { Histogram, type Registry } from 'prom-client'
import { createCounter } from './gauges.ts'

export type ChatCounters = ReturnType<typeof createChatCounters>

/** Counts what users do on an API node. */
export function createChatCounters(registry: Registry) {
  const questions = createCounter(registry, 'engineer_chat_questions_total', 'Questions that were stored.')
  const sessions = createCounter(
    registry,
    'engineer_chat_sessions_started_total',
    'Sessions whose first question was stored.',
  )
  const round = new Histogram({
    name: 'engineer_chat_session_round',
    help: 'Which question of its session a question was: messages per session, as they are asked.',
    buckets: [1, 2, 3, 4, 5, 6, 8, 10, 15, 20],
    registers: [registry],
  })
  const feedback = createCounter(
    registry,
    'engineer_chat_feedback_total',
    'Verdicts on replies; a changed one counts again.',
    ['rating'],
  )
  return {
    countQuestion(roundOfSession: number): void {
      questions.inc()
      round.observe(roundOfSession)
      if (roundOfSession === 1) sessions.inc()
    },
    countVerdict: (rating: 'up' | 'down'): void => feedback.inc({ rating }),
  }
}
