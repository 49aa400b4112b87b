import type { LlmCall } from '@engineer-chat/chat/replying'
import { ChatError } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { groupCommit, isConnectionLost, type Tx } from '../core/index.ts'

/** One statement inserts at most this many calls, because one call can carry a whole prompt. */
const MAX_RECORDED = 32
const MAX_RECORDS_WAITING = 2_000

/** Records that wait share the next commit: many calls end at the same time, and each commit writes to the disk. */
export const createGroupedCallRecorder = (pool: Pool): ((call: LlmCall) => Promise<void>) =>
  groupCommit<LlmCall, void>({
    run: async (calls) => {
      await insertCalls(pool, calls)
      return calls.map(() => undefined)
    },
    maxBatchItems: MAX_RECORDED,
    maxWaiting: MAX_RECORDS_WAITING,
    createFullError: () => new ChatError('unavailable'),
    shouldRunSingly: (error) => !isConnectionLost(error),
  })

export async function insertCalls(tx: Pick<Tx, 'query'>, calls: LlmCall[]): Promise<void> {
  await tx.query(
    `INSERT INTO llm_calls (message_id, attempt, model, model_id, outcome, error_code, prompt_tokens, completion_tokens,
       first_token_ms, total_ms, cost_micros, prompt_hash, prompt) VALUES ?`,
    [
      calls.map((call) => [
        call.message_id,
        call.attempt,
        call.model,
        call.model_id ?? null,
        call.outcome,
        call.error_code,
        call.usage?.prompt_tokens ?? null,
        call.usage?.completion_tokens ?? null,
        call.first_token_ms === null ? null : Math.round(call.first_token_ms),
        Math.round(call.total_ms),
        call.cost_micros ?? null,
        call.prompt_hash ?? null,
        call.prompt ?? null,
      ]),
    ],
  )
}
