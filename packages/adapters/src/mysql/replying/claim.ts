import type { Claim, ReplyStore } from '@engineer-chat/chat/replying'
import type { Pool } from 'mysql2/promise'
import {
  BEGIN,
  COMMIT,
  createRead,
  createWrite,
  forUpdate,
  type IfLocked,
  lockSessionsOfMessages,
  runTogether,
  type Statement,
  type Tx,
  withManualTransaction,
} from '../core/index.ts'
import { MESSAGE_COLUMNS, type MessageRecord, toStoredMessage } from '../rooms/index.ts'
import { groupByLease, IS_UNFINISHED, LEASE } from './lease.ts'

const MAX_CLAIMED = 16

/**
 * Claims that arrive while a transaction is running share the next one. A group takes what it can lock without waiting.
 * A reply whose session another transaction has locked is claimed by itself, so that it delays no other reply.
 */
export const createGroupedClaim = (pool: Pool): ReplyStore['claim'] =>
  groupByLease(MAX_CLAIMED, async (requested, leaseMs) => {
    const claim = (message_ids: string[], ifLocked: IfLocked) =>
      withManualTransaction(pool, (tx) => claimReplies(tx, message_ids, leaseMs, ifLocked))
    const ids = [...new Set(requested)]
    const { claims, skipped } = await claim(ids, 'skip')
    return requested.map((message_id) =>
      skipped.has(message_id)
        ? claim([message_id], 'wait').then((group) => group.claims.get(message_id))
        : takeOut(claims, message_id),
    )
  })

interface ClaimedGroup {
  claims: Map<string, Claim>
  /** Contains the ids of the replies whose sessions another transaction has locked. */
  skipped: Set<string>
}

/**
 * Locks the sessions, so that their earliest unfinished replies do not change. The replies stay locked from the read to
 * the write.
 */
async function claimReplies(tx: Tx, ids: string[], leaseMs: number, ifLocked: IfLocked): Promise<ClaimedGroup> {
  const [, sessionsOfReplies, lockedSessionIds] = await runTogether(tx, [
    BEGIN,
    selectSessionsOfReplies(ids),
    lockSessionsOfMessages(ids, ifLocked),
  ])
  const lockedByUs = new Set(lockedSessionIds)
  const isLockedByUs = ({ chat_session_id }: SessionOfReply) => lockedByUs.has(chat_session_id ?? '')
  const [claims = new Map<string, Claim>()] = await runTogether(tx, [
    lockedByUs.size === 0 ? undefined : selectClaimable(ids, lockedSessionIds, ifLocked),
  ])
  await runTogether(tx, [claims.size === 0 ? undefined : writeClaims([...claims.keys()], leaseMs), COMMIT])
  const skipped = sessionsOfReplies.flatMap((reply) => (isLockedByUs(reply) ? [] : [reply.message_id]))
  return { claims, skipped: new Set(ifLocked === 'skip' ? skipped : []) }
}

/** Two requests may name the same reply, and only the first one gets it. */
function takeOut(claims: Map<string, Claim>, message_id: string): Claim | undefined {
  const claim = claims.get(message_id)
  claims.delete(message_id)
  return claim
}

type SessionOfReply = Pick<MessageRecord, 'message_id' | 'chat_session_id'>

const selectSessionsOfReplies = (message_ids: string[]): Statement<SessionOfReply[]> =>
  createRead<SessionOfReply, SessionOfReply[]>(
    'SELECT message_id, chat_session_id FROM messages FORCE INDEX (uq_message_id) WHERE message_id IN (?)',
    [message_ids],
    (rows) => rows,
  )

/**
 * Finds the replies that no worker leases and that are the earliest unfinished ones of their sessions. Returns them as
 * they will be after the claim. They are read before the write, so that nothing is claimed if a row cannot be read.
 */
const selectClaimable = (
  message_ids: string[],
  session_ids: string[],
  ifLocked: IfLocked,
): Statement<Map<string, Claim>> =>
  createRead<MessageRecord & Omit<Claim, 'row'>, Map<string, Claim>>(
    `SELECT ${MESSAGE_COLUMNS}, tries, cancel_requested, model, request_id
     FROM messages m FORCE INDEX (uq_message_id)
     WHERE message_id IN (?) AND chat_session_id IN (?) AND ${IS_UNFINISHED}
       AND (lease_until IS NULL OR lease_until <= NOW(3))
       AND NOT EXISTS (
         SELECT 1 FROM messages earlier FORCE INDEX (idx_chat_session)
         WHERE earlier.chat_session_id = m.chat_session_id AND earlier.position < m.position
           AND earlier.${IS_UNFINISHED})
     ${forUpdate(ifLocked)}`,
    [message_ids, session_ids],
    (records) => new Map(records.map((record) => [record.message_id, toClaim(record)])),
  )

const toClaim = ({
  tries,
  cancel_requested,
  model,
  request_id,
  ...record
}: MessageRecord & Omit<Claim, 'row'>): Claim => ({
  row: toStoredMessage({ ...record, attempt: record.attempt + 1 }),
  tries: tries + 1,
  cancel_requested: Boolean(cancel_requested),
  model,
  request_id,
})

const writeClaims = (message_ids: string[], leaseMs: number): Statement<number> =>
  createWrite(
    `UPDATE messages FORCE INDEX (uq_message_id) SET attempt = attempt + 1, tries = tries + 1, ${LEASE}
     WHERE message_id IN (?)`,
    [leaseMs, leaseMs, message_ids],
  )
