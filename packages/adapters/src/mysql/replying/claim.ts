import type { Claim } from '@engineer-chat/chat/replying'
import type { Pool } from 'mysql2/promise'
import {
  BEGIN,
  COMMIT,
  inOneTrip,
  lockingSessionOf,
  reading,
  type Statement,
  transactionOfTrips,
  writing,
} from '../core/index.ts'
import { ROW_COLUMNS, type RowRecord, rowOf } from '../rooms/index.ts'
import { earliestBeside } from './unfinished-reply.ts'

/** Takes a reply for a worker, by one conditional write; the session's lock keeps its order still meanwhile. */
export const claimReply = (pool: Pool, message_id: string, lease_ms: number): Promise<Claim | undefined> =>
  transactionOfTrips(pool, async (tx) => {
    const [, , head] = await inOneTrip(tx, [BEGIN, lockingSessionOf(message_id), earliestBeside(message_id)])
    const isNext = head?.message_id === message_id
    const [taken, claim] = await inOneTrip(tx, [
      isNext ? taking(message_id, lease_ms) : undefined,
      isNext ? claimed(message_id) : undefined,
      COMMIT,
    ])
    return taken === 1 ? claim : undefined
  })

const taking = (message_id: string, lease_ms: number): Statement<number> =>
  writing(
    `UPDATE messages SET attempt = attempt + 1, tries = tries + 1,
       lease_until = NOW(3) + INTERVAL ? * 1000 MICROSECOND, due_at = NOW(3) + INTERVAL ? * 1000 MICROSECOND
     WHERE message_id = ? AND due_at IS NOT NULL AND (lease_until IS NULL OR lease_until <= NOW(3))`,
    [lease_ms, lease_ms, message_id],
  )

const claimed = (message_id: string): Statement<Claim | undefined> =>
  reading<RowRecord & Omit<Claim, 'row'>, Claim | undefined>(
    `SELECT ${ROW_COLUMNS}, tries, cancel_requested, model FROM messages WHERE message_id = ?`,
    [message_id],
    ([record]) =>
      record && {
        row: rowOf(record),
        tries: record.tries,
        cancel_requested: Boolean(record.cancel_requested),
        model: record.model,
      },
  )
