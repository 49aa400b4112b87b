import type { ReplyStore } from '@engineer-chat/chat/replying'
import { ChatError, type ReplyRef } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { createRead, createWrite, groupCommit, isConnectionLost, runTogether } from '../core/index.ts'

export const NOW_PLUS_MS = 'NOW(3) + INTERVAL ? * 1000 MICROSECOND'
/**
 * Each of the two values of this SQL is the length of the lease in milliseconds. The sweep reads the reply when the
 * lease has expired.
 */
export const LEASE = `lease_until = ${NOW_PLUS_MS}, due_at = ${NOW_PLUS_MS}`
/** Is true for a reply that has not ended. `due_at` is the time at which the sweep reads it, and null after its end. */
export const IS_UNFINISHED = 'due_at IS NOT NULL'
/** Is true from a worker's claim until the reply is released, postponed or finished, also if its lease has expired. */
export const IS_CLAIMED = `${IS_UNFINISHED} AND lease_until IS NOT NULL`

const MAX_WAITING = 10_000
const MAX_RENEWED = 500

/** Groups writes that set leases of the same length. All leases of a worker have the same length. */
export function groupByLease<I, O>(
  maxBatchItems: number,
  run: (items: I[], leaseMs: number) => Promise<Array<O | Promise<O>>>,
): (item: I, leaseMs: number) => Promise<O> {
  const groups = new Map<number, (item: I) => Promise<O>>()
  const createGroup = (leaseMs: number) =>
    groupCommit<I, O>({
      run: (items) => run(items, leaseMs),
      maxBatchItems,
      maxWaiting: MAX_WAITING,
      createFullError: () => new ChatError('unavailable'),
      shouldRunSingly: (error) => !isConnectionLost(error),
    })
  return (item, leaseMs) => {
    const group = groups.get(leaseMs) ?? createGroup(leaseMs)
    groups.set(leaseMs, group)
    return group(item)
  }
}

type RenewResult = Awaited<ReturnType<ReplyStore['renew']>>
type ClaimedReply = ReplyRef & { cancel_requested: number }

/**
 * Renewals that arrive while a round trip is running share the next one. If each reply in progress took a connection of
 * the pool, a worker with many replies would renew its leases too late, because the renewals would wait behind its
 * claims.
 */
export const createGroupedRenewal = (pool: Pool): ReplyStore['renew'] =>
  groupByLease(MAX_RENEWED, async (refs, leaseMs): Promise<RenewResult[]> => {
    const [, claimedReplies] = await runTogether(pool, [writeRenewals(refs, leaseMs), selectClaimed(refs)])
    const claimed = new Map(claimedReplies.map((reply) => [toKey(reply), reply]))
    return refs.map((ref) => {
      const reply = claimed.get(toKey(ref))
      return { held: reply !== undefined, cancel_requested: Boolean(reply?.cancel_requested) }
    })
  })

const toKey = ({ message_id, attempt }: ReplyRef): string => `${message_id} ${attempt}`

// The index finds the rows by the first condition. The second one compares the fence tokens, too.
const IS_ANY_CLAIMED = `message_id IN (?) AND (message_id, attempt) IN (?) AND ${IS_CLAIMED}`

const listRefValues = (refs: ReplyRef[]): unknown[] => [
  refs.map(({ message_id }) => message_id),
  refs.map(({ message_id, attempt }) => [message_id, attempt]),
]

const writeRenewals = (refs: ReplyRef[], leaseMs: number) =>
  createWrite(`UPDATE messages FORCE INDEX (uq_message_id) SET ${LEASE} WHERE ${IS_ANY_CLAIMED}`, [
    leaseMs,
    leaseMs,
    ...listRefValues(refs),
  ])

/** Reads after the renewal, so that a reply that another worker took over between the two statements is left out. */
const selectClaimed = (refs: ReplyRef[]) =>
  createRead<ClaimedReply, ClaimedReply[]>(
    `SELECT message_id, attempt, cancel_requested FROM messages FORCE INDEX (uq_message_id) WHERE ${IS_ANY_CLAIMED}`,
    listRefValues(refs),
    (rows) => rows,
  )
