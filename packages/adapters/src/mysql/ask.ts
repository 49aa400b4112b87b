import { type Ask, type Asked, type BudgetLimits, ChatError } from '@engineer-chat/chat'
import type { Pool } from 'mysql2/promise'
import { askBatch } from './ask-batch.ts'
import type { Verdict } from './ask-plan.ts'
import { askedById, askedByKey, stillToTell } from './asked.ts'
import { isLost } from './errors.ts'
import { gather } from './gather.ts'

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
