import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { FinishResult, ReplyOutcome, ReplyStore } from '@engineer-chat/chat/replying'
import {
  ChatError,
  type LockedRoom,
  type ReplyRef,
  type RoomChange,
  type StoredMessage,
} from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { releaseReservation } from '../budgets/index.ts'
import {
  BEGIN,
  COMMIT,
  createRead,
  createWrite,
  forUpdate,
  fromIso,
  groupCommit,
  type IfLocked,
  isConnectionLost,
  lockRoomsOfMessages,
  runTogether,
  type Statement,
  type Tx,
  withManualTransaction,
} from '../core/index.ts'
import { storeFlag } from '../reviews/index.ts'
import { MESSAGE_COLUMNS, type MessageRecord, toStoredMessage } from '../rooms/index.ts'
import { IS_CLAIMED } from './lease.ts'
import { selectUnfinishedOfSessions, type UnfinishedReply } from './unfinished-reply.ts'

const MAX_FINISHED = 16
const MAX_WAITING = 10_000
/** A reply with longer JSON ends alone: a group is sent in one packet, and the server limits the size of packets. */
const MAX_GROUPED_CHARACTERS = 65_536

interface Ending {
  ref: ReplyRef
  outcome: ReplyOutcome
}

/**
 * Endings that arrive while a transaction is running share the next one. A group takes what it can lock without
 * waiting. If another transaction has locked a room, the replies of this room end in a transaction of their own, so
 * that they delay no other room.
 */
export function createGroupedFinish(pool: Pool, limits: BudgetLimits): ReplyStore['finish'] {
  const finish = (endings: Ending[], ifLocked: IfLocked) =>
    withManualTransaction(pool, (tx) => finishReplies(tx, limits, endings, ifLocked))
  const finishAlone = async (ending: Ending) => (await finish([ending], 'wait')).results.get(ending)
  const finishInGroup = groupCommit<Ending, FinishResult | undefined>({
    async run(endings) {
      const { results, skipped } = await finish(endings, 'skip')
      const laterResults = new Map<Ending, Promise<FinishResult | undefined>>()
      for (const group of Map.groupBy(skipped.keys(), (ending) => skipped.get(ending)).values()) {
        const finished = finish(group, 'wait')
        for (const ending of group) {
          const result = finished.then((finishedGroup) => finishedGroup.results.get(ending))
          laterResults.set(ending, result)
        }
      }
      return endings.map((ending) => laterResults.get(ending) ?? results.get(ending))
    },
    // With budgets each reply is ended alone, because it locks the rows of its own budgets.
    maxBatchItems: Object.keys(limits).length === 0 ? MAX_FINISHED : 1,
    maxWaiting: MAX_WAITING,
    createFullError: () => new ChatError('unavailable'),
    shouldRunSingly: (error) => !isConnectionLost(error),
  })
  return (ref, outcome) => {
    const ending = { ref, outcome }
    const isLong = JSON.stringify(outcome.content).length > MAX_GROUPED_CHARACTERS
    return isLong ? finishAlone(ending) : finishInGroup(ending)
  }
}

interface FinishedGroup {
  results: Map<Ending, FinishResult>
  /** Maps each ending whose fence token matches, but whose room or reply could not be locked, to its room. */
  skipped: Map<Ending, string>
}

/**
 * Locks the rooms and the replies, reads both under these locks, and only then takes sequence numbers. A reply that
 * cannot be locked now is skipped if `ifLocked` says so.
 */
async function finishReplies(
  tx: Tx,
  limits: BudgetLimits,
  endings: Ending[],
  ifLocked: IfLocked,
): Promise<FinishedGroup> {
  const ids = endings.map(({ ref }) => ref.message_id)
  const [, claimedReplies, lockedRooms, lockedReplies, unfinished] = await runTogether(tx, [
    BEGIN,
    selectClaimed(ids),
    lockRoomsOfMessages(ids, ifLocked),
    selectClaimedForUpdate(ids, ifLocked),
    selectUnfinishedOfSessions(ids),
  ])
  const finishedRows = planEndings(endings, lockedRooms, lockedReplies)
  for (const { ref, outcome } of finishedRows.keys()) {
    await releaseReservation(tx, limits, ref.message_id)
    if (outcome.findings?.length) await storeFlag(tx, ref, outcome.findings)
  }
  const rows = [...finishedRows.values()]
  const endedIds = new Set(rows.map(({ message }) => message.message_id))
  await runTogether(tx, [...rows.map(writeFinalRow), ...writeSeqs(rows), COMMIT])
  const toResult = (row: StoredMessage) => ({ row, change: toChange(row), job: findNextJob(row, unfinished, endedIds) })
  const skipped = endings.flatMap((ending): Array<[Ending, string]> => {
    const claimed = claimedReplies.get(ending.ref.message_id)
    return claimed?.attempt === ending.ref.attempt && !finishedRows.has(ending) ? [[ending, claimed.event_id]] : []
  })
  return {
    results: new Map([...finishedRows].map(([ending, row]) => [ending, toResult(row)])),
    skipped: new Map(ifLocked === 'skip' ? skipped : []),
  }
}

type ClaimedReply = Pick<MessageRecord, 'message_id' | 'attempt' | 'event_id'>

/**
 * Reads the fence tokens also of replies that cannot be locked, to distinguish an ending that was skipped from one that
 * came too late. It needs no lock, because an attempt that has lost its reply never gets it back.
 */
const selectClaimed = (message_ids: string[]): Statement<Map<string, ClaimedReply>> =>
  createRead<ClaimedReply, Map<string, ClaimedReply>>(
    `SELECT message_id, attempt, event_id FROM messages FORCE INDEX (uq_message_id)
     WHERE message_id IN (?) AND ${IS_CLAIMED}`,
    [message_ids],
    (rows) => new Map(rows.map((row) => [row.message_id, row])),
  )

/** Maps each ending whose fence token still matches to its final row, with the room's next sequence number. */
function planEndings(
  endings: Ending[],
  rooms: LockedRoom[],
  replies: Map<string, StoredMessage>,
): Map<Ending, StoredMessage> {
  const nextSeqs = new Map(rooms.map(({ event_id, seq }) => [event_id, Number(seq) + 1]))
  const times = new Map(rooms.map(({ event_id, now }) => [event_id, now]))
  const finishedRows = new Map<Ending, StoredMessage>()
  for (const ending of endings) {
    const { message_id, attempt } = ending.ref
    const row = replies.get(message_id)
    const event_id = row?.message.event_id ?? ''
    const [seq, updated_at] = [nextSeqs.get(event_id), times.get(event_id)]
    if (row?.attempt !== attempt || seq === undefined || updated_at === undefined) continue
    replies.delete(message_id) // A reply ends once.
    nextSeqs.set(event_id, seq + 1)
    const message = { ...row.message, ...toFinalFields(ending.outcome), seq, updated_at }
    finishedRows.set(ending, { ...row, message })
  }
  return finishedRows
}

const toFinalFields = ({ type, content }: ReplyOutcome) => ({
  message_type: type,
  message_content: content,
  ...(type === 'error'
    ? { message_from: 'system', sender_type: 'system' as const }
    : { message_from: 'ai_assistant', sender_type: 'ai' as const }),
})

const toChange = (row: StoredMessage): RoomChange => {
  const { event_id, seq } = row.message
  return { event_id, first_seq: seq, seq, rows: [row] }
}

/** Finds the session's earliest reply that this transaction does not end. */
function findNextJob(
  { message: { chat_session_id } }: StoredMessage,
  unfinished: UnfinishedReply[],
  endedIds: ReadonlySet<string>,
): ReplyRef | null {
  const next = unfinished.find((reply) => reply.chat_session_id === chat_session_id && !endedIds.has(reply.message_id))
  return next ? { message_id: next.message_id, attempt: next.attempt } : null
}

const selectClaimedForUpdate = (message_ids: string[], ifLocked: IfLocked): Statement<Map<string, StoredMessage>> =>
  createRead<MessageRecord, Map<string, StoredMessage>>(
    `SELECT ${MESSAGE_COLUMNS} FROM messages FORCE INDEX (uq_message_id)
     WHERE message_id IN (?) AND ${IS_CLAIMED} ${forUpdate(ifLocked)}`,
    [message_ids],
    (records) => new Map(records.map((record) => [record.message_id, toStoredMessage(record)])),
  )

const writeFinalRow = ({ message }: StoredMessage): Statement<number> =>
  createWrite(
    `UPDATE messages SET seq = ?, updated_at = ?, message_type = ?, message_content = ?, message_from = ?, sender_type = ?,
       lease_until = NULL, due_at = NULL, cancel_requested = FALSE, request_id = NULL
     WHERE message_id = ?`,
    [
      message.seq,
      fromIso(message.updated_at),
      message.message_type,
      JSON.stringify(message.message_content),
      message.message_from,
      message.sender_type,
      message.message_id,
    ],
  )

/** Stores the last sequence number that these rows took in each room. */
function writeSeqs(rows: StoredMessage[]): Statement<number>[] {
  const seqs = new Map(rows.map(({ message: { event_id, seq } }) => [event_id, seq]))
  return [...seqs].map(([event_id, seq]) =>
    createWrite('UPDATE events SET seq = ? WHERE event_id = ?', [seq, event_id]),
  )
}
