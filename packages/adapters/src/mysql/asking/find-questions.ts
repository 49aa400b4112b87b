import { isSummaryUpdated } from '@engineer-chat/chat/asking'
import type { AskResult } from '@engineer-chat/chat/rooms'
import { ChatError, type StoredMessage } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { executeRows, runTogether } from '../core/index.ts'
import { findEarliestUnfinished } from '../replying/index.ts'
import {
  type KeyedRecord,
  MESSAGE_COLUMNS,
  type MessageRecord,
  selectEarlierQuestions,
  toStoredMessage,
} from '../rooms/index.ts'

/**
 * Finds the question and reply that an earlier ask with this key stored, as they are now.
 * @throws ChatError idempotency_mismatch
 */
export async function findAskResultByKey(
  pool: Pool,
  { user_id, client_message_id, request_hash }: { user_id: string; client_message_id: string; request_hash: string },
): Promise<AskResult | undefined> {
  const [record] = await executeRows<KeyedRecord>(
    pool,
    `SELECT ${MESSAGE_COLUMNS}, request_hash FROM messages WHERE user_id = ? AND client_message_id = ?`,
    [user_id, client_message_id],
  )
  if (!record) return undefined
  if (record.request_hash !== request_hash) throw new ChatError('idempotency_mismatch')
  return toAskResult(pool, toStoredMessage(record))
}

export async function findAskResultById(pool: Pool, question_id: string): Promise<AskResult | undefined> {
  const select = `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE message_id = ?`
  const [record] = await executeRows<MessageRecord>(pool, select, [question_id])
  return record && toAskResult(pool, toStoredMessage(record))
}

/**
 * Completes the result of an ask whose COMMIT succeeded but whose confirmation was lost: its change and its job must
 * still be published. The change carries no rows, because they may have changed since. Receivers read them.
 */
export async function addChangeAndJob(pool: Pool, result: AskResult): Promise<AskResult> {
  const { event_id, position } = result.question.message
  const { message_id } = result.reply.message
  const head = await findEarliestUnfinished(pool, result.session_id)
  const job = head?.message_id === message_id ? head : null
  return { ...result, change: { event_id, first_seq: position, seq: position + 1 }, job }
}

async function toAskResult(pool: Pool, question: StoredMessage): Promise<AskResult> {
  const { message_id, chat_session_id } = question.message
  const select = `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE reply_to = ?`
  const [reply] = await executeRows<MessageRecord>(pool, select, [message_id])
  if (!reply || chat_session_id === null) throw new Error('The question has no reply.')
  const [earlierQuestions] = await runTogether(pool, [selectEarlierQuestions(question.message)])
  return {
    session_id: chat_session_id,
    round: earlierQuestions.length + 1,
    summary_updated: isSummaryUpdated(question.message, earlierQuestions[0]),
    question,
    reply: toStoredMessage(reply),
    change: null,
    job: null,
  }
}
