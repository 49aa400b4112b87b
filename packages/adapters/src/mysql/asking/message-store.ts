import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { MessageStore, NewPost } from '@engineer-chat/chat/rooms'
import { ChatError, type StoredMessage } from '@engineer-chat/chat/shared'
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import {
  type Database,
  executeRows,
  insertSelected,
  isDuplicateKey,
  lockRoom,
  type Tx,
  takeSeqs,
  toDatabase,
  transaction,
} from '../core/index.ts'
import { cancelReply, retryReply } from '../replying/index.ts'
import {
  findMessage,
  INSERT_MESSAGES,
  type KeyedRecord,
  MESSAGE_COLUMNS,
  toStoredMessage,
  toValues,
  toVisibility,
} from '../rooms/index.ts'
import { feedback, messages } from '../schema/index.ts'
import { createGroupedAsk } from './ask.ts'
import { findAskResultByKey } from './find-questions.ts'
import { shareSession } from './share-session.ts'

export function createMessageStore(pool: Pool, limits: BudgetLimits = {}): MessageStore {
  return {
    ask: createGroupedAsk(pool, limits),
    findAskResult: (user_id, client_message_id, request_hash) =>
      findAskResultByKey(pool, { user_id, client_message_id, request_hash }),
    post: (post) => transaction(pool, (tx) => storePost(tx, post)),
    findPost: (user_id, key) => findEarlierPost(pool, user_id, key),
    findOwnReply: (user_id, message_id) => findOwnReply(pool, user_id, message_id),
    async cancel(user_id, message_id) {
      const reply = await getOwnReply(pool, user_id, message_id)
      return transaction(pool, (tx) => cancelReply(tx, reply, limits))
    },
    async retry(user_id, message_id, getReservation, options) {
      const reply = await getOwnReply(pool, user_id, message_id)
      return transaction(pool, (tx) => retryReply(tx, reply, limits, getReservation, options))
    },
    share: (user_id, session_id) => transaction(pool, (tx) => shareSession(tx, user_id, session_id)),
    storeFeedback: (...input) => transaction(pool, (tx) => storeFeedback(toDatabase(tx), ...input)),
  }
}

async function findOwnReply(pool: Pool, user_id: string, message_id: string): Promise<StoredMessage | undefined> {
  const row = await findMessage(pool, message_id)
  return row?.message.reply_to && row.message.user_id === user_id ? row : undefined
}

async function getOwnReply(pool: Pool, user_id: string, message_id: string): Promise<StoredMessage['message']> {
  const reply = await findOwnReply(pool, user_id, message_id)
  if (!reply) throw new ChatError('message_not_found')
  return reply.message
}

async function storePost(tx: Tx, post: NewPost): Promise<Awaited<ReturnType<MessageStore['post']>>> {
  const room = await lockRoom(tx, post.event_id)
  if (!room) throw new ChatError('event_not_found')
  const earlier = post.key && (await findEarlierPost(tx, post.user_id, post.key))
  if (earlier) return { row: earlier, change: null, job: null }
  const seq = await takeSeqs(tx, room, 1)
  const { message_id, event_id, user_id, message_from, message_type, category, content, round_id, audience, mentions } =
    post
  const row: StoredMessage = {
    message: {
      message_id,
      event_id,
      position: seq,
      seq,
      user_id,
      message_from,
      message_type,
      message_category: category,
      sender_type: category === 'agent' ? null : 'user',
      chat_session_id: null,
      visibility: toVisibility(audience),
      reply_to: null,
      round_id,
      event_summary_version: null,
      message_content: content,
      created_at: room.now,
      updated_at: room.now,
      ...(mentions?.length && { mentions }),
    },
    audience,
    attempt: 0,
  }
  try {
    await tx.query(INSERT_MESSAGES, [[toValues({ row, ...post.key })]])
  } catch (error) {
    // A message in another room has taken the key in the meantime.
    throw isDuplicateKey(error) ? new ChatError('idempotency_mismatch') : error
  }
  return { row, change: { event_id, first_seq: seq, seq, rows: [row] }, job: null }
}

async function findEarlierPost(
  tx: Tx | Pool,
  user_id: string,
  { client_message_id, request_hash }: NonNullable<NewPost['key']>,
): Promise<StoredMessage | undefined> {
  const [record] = await executeRows<KeyedRecord>(
    tx,
    `SELECT ${MESSAGE_COLUMNS}, request_hash FROM messages WHERE user_id = ? AND client_message_id = ?`,
    [user_id, client_message_id],
  )
  if (record && record.request_hash !== request_hash) throw new ChatError('idempotency_mismatch')
  return record && toStoredMessage(record)
}

async function storeFeedback(
  db: Database,
  ...[user_id, message_id, rating, comment]: Parameters<MessageStore['storeFeedback']>
): ReturnType<MessageStore['storeFeedback']> {
  const isFinishedReply = and(
    eq(messages.message_id, message_id),
    eq(messages.user_id, user_id),
    isNotNull(messages.reply_to),
    isNull(messages.due_at),
  )
  const stored = await insertSelected(
    db,
    feedback,
    { message_id: sql`${messages.message_id}`, user_id: sql`${messages.user_id}`, rating, comment },
    sql`FROM ${messages} WHERE ${isFinishedReply}
      ON DUPLICATE KEY UPDATE rating = VALUES(rating), comment = VALUES(comment), updated_at = NOW(3)`,
  )
  if (stored === 0) throw new ChatError('message_not_found')
  const [row] = await db
    .select({ updated_at: feedback.updated_at })
    .from(feedback)
    .where(and(eq(feedback.message_id, message_id), eq(feedback.user_id, user_id)))
  if (!row) throw new ChatError('message_not_found')
  return row
}
