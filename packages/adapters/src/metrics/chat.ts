import { Histogram, type Registry } from 'prom-client'
import { createCounter } from './gauges.ts'

/** Observes the number of questions of each session that ends: it was idle, or its asker started another one. */
export function createSessionCounter(registry: Registry) {
  const questionsPerSession = new Histogram({
    name: 'engineer_chat_messages_per_session',
    help: 'Questions of a session, counted when it ends; a session without a question is left out.',
    buckets: [1, 2, 3, 4, 5, 6, 8, 10, 15, 20],
    registers: [registry],
  })
  return {
    countEndedSession(questions: number): void {
      if (questions > 0) questionsPerSession.observe(questions)
    },
  }
}

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
    help: 'Number of a question within its session, from 1, observed when the question is stored.',
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
    ...createSessionCounter(registry),
    countQuestion(roundOfSession: number): void {
      questions.inc()
      round.observe(roundOfSession)
      if (roundOfSession === 1) sessions.inc()
    },
    countRating: (rating: 'up' | 'down'): void => feedback.inc({ rating }),
  }
}
