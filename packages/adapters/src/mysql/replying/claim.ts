import type { Claim } from '@engineer-chat/chat/replying'
import type { Pool } from 'mysql2/promise'
import {
  BEGIN,
  COMMIT,
  createRead,
  createWrite,
  lockSessionOfMessage,
  runTogether,
  type Statement,
  transactionOfRoundTrips,
} from '../core/index.ts'
import { MESSAGE_COLUMNS, type MessageRecord, toStoredMessage } from '../rooms/index.ts'
import { selectEarliestOfSameSession } from './unfinished-reply.ts'

/** Claims a reply for a worker by one conditional write. The session's lock keeps the order of its replies. */
export const claimReply = (pool: Pool, message_id: string, leaseMs: number): Promise<Claim | undefined> =>
  transactionOfRoundTrips(pool, async (tx) => {
    const [, , head] = await runTogether(tx, [
      BEGIN,
      lockSessionOfMessage(message_id),
      selectEarliestOfSameSession(message_id),
    ])
    const isNext = head?.message_id === message_id
    const [taken, claim] = await runTogether(tx, [
      isNext ? claimStatement(message_id, leaseMs) : undefined,
      isNext ? selectClaim(message_id) : undefined,
      COMMIT,
    ])
    return taken === 1 ? claim : undefined
  })

const claimStatement = (message_id: string, leaseMs: number): Statement<number> =>
  createWrite(
    `UPDATE messages SET attempt = attempt + 1, tries = tries + 1,
       lease_until = NOW(3) + INTERVAL ? * 1000 MICROSECOND, due_at = NOW(3) + INTERVAL ? * 1000 MICROSECOND
     WHERE message_id = ? AND due_at IS NOT NULL AND (lease_until IS NULL OR lease_until <= NOW(3))`,
    [leaseMs, leaseMs, message_id],
  )

const selectClaim = (message_id: string): Statement<Claim | undefined> =>
  createRead<MessageRecord & Omit<Claim, 'row'>, Claim | undefined>(
    `SELECT ${MESSAGE_COLUMNS}, tries, cancel_requested, model FROM messages WHERE message_id = ?`,
    [message_id],
    ([record]) =>
      record && {
        row: toStoredMessage(record),
        tries: record.tries,
        cancel_requested: Boolean(record.cancel_requested),
        model: record.model,
      },
  )
