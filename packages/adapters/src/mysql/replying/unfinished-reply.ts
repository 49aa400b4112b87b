import type { ReplyRef } from '@engineer-chat/chat/shared'
import { createRead, runTogether, type Statement, type Tx } from '../core/index.ts'
import { IS_UNFINISHED } from './lease.ts'

/** Finds the one reply of a session that may be in the queue. */
export async function findEarliestUnfinished(
  tx: Pick<Tx, 'query'>,
  session_id: string | null,
): Promise<ReplyRef | null> {
  const [head] = await runTogether(tx, [selectEarliest(session_id)])
  return head
}

const selectEarliest = (session_id: string | null): Statement<ReplyRef | null> =>
  createRead<ReplyRef, ReplyRef | null>(
    `SELECT message_id, attempt FROM messages FORCE INDEX (idx_chat_session)
     WHERE chat_session_id = ? AND ${IS_UNFINISHED} ORDER BY position LIMIT 1`,
    [session_id],
    ([head]) => (head ? { message_id: head.message_id, attempt: head.attempt } : null),
  )

export type UnfinishedReply = ReplyRef & { chat_session_id: string | null }

/** Reads the unfinished replies of the sessions of these messages, the earliest first. */
export const selectUnfinishedOfSessions = (message_ids: string[]): Statement<UnfinishedReply[]> =>
  createRead<UnfinishedReply, UnfinishedReply[]>(
    `SELECT m.chat_session_id, m.message_id, m.attempt
     FROM (
       SELECT DISTINCT chat_session_id AS id FROM messages FORCE INDEX (uq_message_id) WHERE message_id IN (?)) AS session
     STRAIGHT_JOIN messages m FORCE INDEX (idx_chat_session) ON m.chat_session_id = session.id
     WHERE m.${IS_UNFINISHED} ORDER BY m.position`,
    [message_ids],
    (rows) => rows,
  )
