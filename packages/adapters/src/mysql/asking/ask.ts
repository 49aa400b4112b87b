import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { Ask, Asked } from '@engineer-chat/chat/rooms'
import { ChatError } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { gather, isLost } from '../core/index.ts'
import { askBatch } from './ask-batch.ts'
import { askedById, askedByKey, stillToTell } from './find-questions.ts'
import type { Verdict } from './plan-questions.ts'

/** Asks in one transaction: past this, its packet and the time its locks are held grow for little gain. */
const MAX_BATCH = 128
/** A second's work, about: whoever comes then is sent away at once, and memory stays bounded. */
const MAX_WAITING = 5_000

/** Asks that arrive while a transaction is under way share the next one. */
export function gatheredAsk(pool: Pool, limits: BudgetLimits): (ask: Ask) => Promise<Asked> {
  const decide = gather<Ask, Verdict>({
    run: (asks) => askBatch(pool, limits, asks),
    max: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    full: () => new ChatError('unavailable', undefined, { retry_after: 1 }),
    divisible: (error) => !isLost(error),
  })
  return async (ask) => {
    const verdict = await decide(ask)
    if (verdict.type === 'stored') return verdict.asked
    if (verdict.type === 'refused') throw verdict.error
    return earlier(pool, ask)
  }
}

async function earlier(pool: Pool, ask: Ask): Promise<Asked> {
  const { client_message_id, question_id } = ask
  const asked =
    client_message_id === null
      ? await askedById(pool, question_id)
      : await askedByKey(pool, { ...ask, client_message_id })
  if (!asked) throw new ChatError('unavailable')
  return asked.question.message.message_id === question_id ? stillToTell(pool, asked) : asked
}
