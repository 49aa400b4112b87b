import type { BusyModel, Postponement, PostponeResult } from '@engineer-chat/chat/replying'
import type { ReplyRef } from '@engineer-chat/chat/shared'
import { and, countDistinct, eq, inArray, isNotNull, isNull, or } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import {
  BEGIN,
  COMMIT,
  createRead,
  createWrite,
  type Mysql,
  runTogether,
  type Statement,
  toDatabase,
  withManualTransaction,
} from '../core/index.ts'
import { messages, postponedReplies } from '../schema/index.ts'
import { IS_CLAIMED } from './lease.ts'

interface ClaimedRow {
  is_cancelled: number
  is_overdue: number
}

/**
 * Selects the time at which the question was asked, or asked again: a retry stores the replaced version at this moment.
 */
export const ACCEPTED_AT = `COALESCE((SELECT MAX(created_at) FROM reply_versions WHERE reply_versions.message_id = messages.message_id),
  messages.created_at)`
const INTERVAL_MS = 'INTERVAL ? * 1000 MICROSECOND'

/** A postponement and a cancellation both lock the message, so a postponement sees a cancellation that came first. */
export const postponeReply = (
  pool: Pool,
  ref: ReplyRef,
  { delayMs, deadlineMs, models }: Postponement,
): Promise<PostponeResult> =>
  withManualTransaction(pool, async (tx) => {
    const [, claimed] = await runTogether(tx, [BEGIN, selectClaimedForUpdate(ref, deadlineMs)])
    const result = decideResult(claimed)
    const isPostponed = result === 'postponed'
    await runTogether(tx, [
      isPostponed ? writePostponement(ref, delayMs, deadlineMs) : undefined,
      isPostponed ? createWrite('DELETE FROM postponed_replies WHERE message_id = ?', [ref.message_id]) : undefined,
      ...(isPostponed ? models.map((model) => insertWait(ref, model)) : []),
      COMMIT,
    ])
    return result
  })

function decideResult(claimed: ClaimedRow | undefined): PostponeResult {
  if (!claimed) return 'fenced'
  if (claimed.is_cancelled) return 'cancelled'
  return claimed.is_overdue ? 'overdue' : 'postponed'
}

const selectClaimedForUpdate = (
  { message_id, attempt }: ReplyRef,
  deadlineMs: number,
): Statement<ClaimedRow | undefined> =>
  createRead<ClaimedRow, ClaimedRow | undefined>(
    `SELECT cancel_requested AS is_cancelled, ${ACCEPTED_AT} + ${INTERVAL_MS} <= NOW(3) AS is_overdue FROM messages
     WHERE message_id = ? AND attempt = ? AND ${IS_CLAIMED} FOR UPDATE`,
    [deadlineMs, message_id, attempt],
    ([row]) => row,
  )

const writePostponement = ({ message_id }: ReplyRef, delayMs: number, deadlineMs: number): Statement<number> =>
  createWrite(
    `UPDATE messages SET lease_until = NULL, tries = GREATEST(tries, 1) - 1,
       due_at = LEAST(NOW(3) + ${INTERVAL_MS}, ${ACCEPTED_AT} + ${INTERVAL_MS})
     WHERE message_id = ?`,
    [delayMs, deadlineMs, message_id],
  )

/** Runs after `writePostponement`, which has set `due_at` to the end of the delay, or to an earlier deadline. */
const insertWait = ({ message_id, attempt }: ReplyRef, { id, isFull }: BusyModel): Statement<number> =>
  createWrite(
    `INSERT INTO postponed_replies (message_id, model_id, user_id, accepted_at, attempt, ready_at)
     SELECT message_id, ?, COALESCE(user_id, ''), ${ACCEPTED_AT}, ?, IF(?, NULL, due_at)
     FROM messages WHERE message_id = ?`,
    [id, attempt, isFull, message_id],
  )

/** One removal takes the rows of at most this many replies, so that a postponement never waits long for it. */
const MAX_FORGOTTEN = 500

/** Reads before it removes, because a DELETE with a join would lock the messages, too. */
export async function forgetEndedPostponements(pool: Pool): Promise<void> {
  const db = toDatabase(pool)
  const ended = await db
    .selectDistinct({ message_id: postponedReplies.message_id })
    .from(postponedReplies)
    .leftJoin(messages, eq(messages.message_id, postponedReplies.message_id))
    .where(or(isNull(messages.message_id), isNull(messages.due_at)))
    .limit(MAX_FORGOTTEN)
  if (ended.length === 0) return
  const ids = ended.map(({ message_id }) => message_id)
  await db.delete(postponedReplies).where(inArray(postponedReplies.message_id, ids))
}

/** Counts the replies that wait for a busy model at this moment. */
export async function countPostponedReplies({ pool }: Pick<Mysql, 'pool'>): Promise<number> {
  const [row] = await toDatabase(pool)
    .select({ waiting: countDistinct(postponedReplies.message_id) })
    .from(postponedReplies)
    .innerJoin(messages, eq(messages.message_id, postponedReplies.message_id))
    .where(and(isNotNull(messages.due_at), isNull(messages.lease_until)))
  return row?.waiting ?? 0
}
