import type { ReplyRef } from '@engineer-chat/chat/shared'
import { createRead, runTogether, type Statement, type Tx } from '../core/index.ts'

/** Finds the one reply of a session that may be in the queue. */
export async function findEarliestUnfinished(
  tx: Pick<Tx, 'query'>,
  session_id: string | null,
): Promise<ReplyRef | null> {
  const [head] = await runTogether(tx, [selectEarliest('?', session_id)])
  return head
}

/** Finds the session of the message. */
export const selectEarliestOfSameSession = (message_id: string): Statement<ReplyRef | null> =>
  selectEarliest('(SELECT chat_session_id FROM messages WHERE message_id = ?)', message_id)

const selectEarliest = (sessionExpression: string, value: string | null): Statement<ReplyRef | null> =>
  createRead<ReplyRef, ReplyRef | null>(
    `SELECT message_id, attempt FROM messages FORCE INDEX (idx_chat_session)
     WHERE chat_session_id = ${sessionExpression} AND due_at IS NOT NULL ORDER BY position LIMIT 1`,
    [value],
    ([head]) => (head ? { message_id: head.message_id, attempt: head.attempt } : null),
  )
