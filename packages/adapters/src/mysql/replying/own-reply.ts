import { type BudgetLimits, NO_SPEND } from '@engineer-chat/chat/budgets'
import {
  EMPTY_REPLY_FIELDS,
  type GetRetryReservation,
  type MessageChangeResult,
  type RetryOptions,
} from '@engineer-chat/chat/rooms'
import { ChatError, type LockedRoom } from '@engineer-chat/chat/shared'
import type { Message } from '@engineer-chat/protocol'
import { eq, sql } from 'drizzle-orm'
import { releaseReservation, reserveSpend } from '../budgets/index.ts'
import {
  executeRows,
  insertSelected,
  lockRoom,
  lockSession,
  type TableRow,
  type Tx,
  toDatabase,
} from '../core/index.ts'
import { changeMessage, getMessage } from '../rooms/index.ts'
import { messages, replyVersions } from '../schema/index.ts'
import { IS_UNFINISHED } from './lease.ts'
import { findEarliestUnfinished } from './unfinished-reply.ts'

type Reply = Pick<Message, 'message_id' | 'event_id' | 'chat_session_id' | 'user_id'>

interface LockedReply {
  room: LockedRoom
  isUnfinished: boolean
  isClaimed: boolean
  isPinned: boolean
  /** Is the attempt as which the reply ended as an error, or undefined if it is no error. */
  failedAttempt: number | undefined
  /** Names the model that was asked for. */
  model: string | null
}

/** Ends a reply that no worker has claimed. A claimed reply is marked, and its worker ends it. */
export async function cancelReply(
  tx: Tx,
  reply: Reply,
  limits: BudgetLimits,
): Promise<MessageChangeResult & { claimed: boolean }> {
  const { room, isUnfinished, isClaimed } = await lockReply(tx, reply)
  const { message_id, chat_session_id } = reply
  if (isClaimed) await tx.execute('UPDATE messages SET cancel_requested = TRUE WHERE message_id = ?', [message_id])
  if (isClaimed || !isUnfinished)
    return { row: await getMessage(tx, message_id), change: null, job: null, claimed: isClaimed }

  const head = await findEarliestUnfinished(tx, chat_session_id)
  const content = { content: '', finish_reason: 'cancelled', attempts: 0 }
  const ended = await changeMessage(tx, room, message_id, {
    set: "message_type = 'chat', message_content = ?, due_at = NULL, cancel_requested = FALSE, request_id = NULL",
    values: [JSON.stringify(content)],
  })
  if (!ended) throw new ChatError('message_not_found')
  await releaseReservation(tx, limits, message_id)
  const job = head?.message_id === message_id ? await findEarliestUnfinished(tx, chat_session_id) : null
  return { ...ended, job, claimed: isClaimed }
}

/** Sets the reply back to `thinking`, at the same position. Its former text is kept as a version. */
export async function retryReply(
  tx: Tx,
  reply: Reply,
  limits: BudgetLimits,
  getReservation: GetRetryReservation = () => NO_SPEND,
  { request_id = null, failedAttempt }: RetryOptions = {},
): Promise<MessageChangeResult> {
  const { room, isUnfinished, isPinned, model, ...locked } = await lockReply(tx, reply)
  const { message_id, chat_session_id, user_id, event_id } = reply
  const hasChanged = failedAttempt !== undefined && failedAttempt !== locked.failedAttempt
  if (isUnfinished || hasChanged) return { row: await getMessage(tx, message_id), change: null, job: null }
  if (isPinned) throw new ChatError('message_pinned')
  const asker = { user_id: user_id ?? '', event_id }
  const reservation = getReservation(model, room.tlp)
  // No call has attempt 0, so the first call replaces this reservation.
  const refusal = await reserveSpend(tx, limits, asker, { message_id, attempt: 0 }, reservation, room.now)
  if (refusal) throw refusal

  await keepVersion(tx, message_id)
  // Rows of the earlier run may still be there, because the sweep removes them only later.
  await tx.execute('DELETE FROM postponed_replies WHERE message_id = ?', [message_id])
  const restarted = await changeMessage(tx, room, message_id, {
    set: `message_from = ?, message_type = ?, sender_type = ?, message_content = ?, attempt = attempt + 1, tries = 0,
      lease_until = NULL, due_at = NOW(3), cancel_requested = FALSE, request_id = ?`,
    values: [
      EMPTY_REPLY_FIELDS.message_from,
      EMPTY_REPLY_FIELDS.message_type,
      EMPTY_REPLY_FIELDS.sender_type,
      JSON.stringify(EMPTY_REPLY_FIELDS.message_content),
      request_id,
    ],
  })
  if (!restarted) throw new ChatError('message_not_found')
  const head = await findEarliestUnfinished(tx, chat_session_id)
  return { ...restarted, job: head?.message_id === message_id ? head : null }
}

const keepVersion = (tx: Tx, message_id: string): Promise<number> =>
  insertSelected(
    toDatabase(tx),
    replyVersions,
    {
      message_id: sql`${messages.message_id}`,
      attempt: sql`${messages.attempt}`,
      message_type: sql`${messages.message_type}`,
      message_content: sql`${messages.message_content}`,
      finished_at: sql`${messages.updated_at}`,
    },
    sql`FROM ${messages} WHERE ${eq(messages.message_id, message_id)}`,
  )

async function lockReply(tx: Tx, { event_id, chat_session_id, message_id }: Reply): Promise<LockedReply> {
  const room = await lockRoom(tx, event_id)
  if (!room || chat_session_id === null) throw new ChatError('message_not_found')
  await lockSession(tx, chat_session_id)
  const [row] = await executeRows<
    { unfinished: number; leased: number; pinned: number } & Pick<
      TableRow<typeof messages>,
      'model' | 'attempt' | 'message_type'
    >
  >(
    tx,
    `SELECT ${IS_UNFINISHED} AS unfinished, lease_until IS NOT NULL AS leased,
       pinned_by IS NOT NULL AS pinned, model, attempt, message_type FROM messages WHERE message_id = ? FOR UPDATE`,
    [message_id],
  )
  const isUnfinished = Boolean(row?.unfinished)
  const isClaimed = isUnfinished && Boolean(row?.leased)
  const failedAttempt = row?.message_type === 'error' ? row.attempt : undefined
  return { room, isUnfinished, isClaimed, isPinned: Boolean(row?.pinned), failedAttempt, model: row?.model ?? null }
}
