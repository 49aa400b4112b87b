import type { QuestionVerdict } from '@engineer-chat/chat/asking'
import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { AskResult, NewQuestion } from '@engineer-chat/chat/rooms'
import { ChatError } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { groupCommit, isConnectionLost } from '../core/index.ts'
import { askBatch } from './ask-batch.ts'
import { addChangeAndJob, findAskResultById, findAskResultByKey } from './find-questions.ts'

/** Limits the questions in one transaction. With more, its packet and the time of its locks grow for little gain. */
const MAX_BATCH = 128
/** About one second's work may wait. Further questions are refused immediately, and memory stays bounded. */
const MAX_WAITING = 5_000

/** Asks that arrive while a transaction is running share the next one. */
export function createGroupedAsk(pool: Pool, limits: BudgetLimits): (question: NewQuestion) => Promise<AskResult> {
  const decide = groupCommit<NewQuestion, QuestionVerdict>({
    run: (questions) => askBatch(pool, limits, questions),
    maxBatchItems: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    createFullError: () => new ChatError('unavailable', undefined, { retry_after_seconds: 1 }),
    shouldRunSingly: (error) => !isConnectionLost(error),
  })
  return async (question) => {
    const verdict = await decide(question)
    if (verdict.type === 'accepted') return verdict.result
    if (verdict.type === 'refused') throw verdict.error
    return readEarlierResult(pool, question)
  }
}

async function readEarlierResult(pool: Pool, question: NewQuestion): Promise<AskResult> {
  const { client_message_id, question_id } = question
  const result =
    client_message_id === null
      ? await findAskResultById(pool, question_id)
      : await findAskResultByKey(pool, { ...question, client_message_id })
  if (!result) throw new ChatError('unavailable')
  return result.question.message.message_id === question_id ? addChangeAndJob(pool, result) : result
}
