import type { Message } from '@engineer-chat/protocol'
import { createRead, type Statement } from '../core/index.ts'

/** Selects the questions of a session that come before this position, the newest first. */
export const selectEarlierQuestions = (
  { chat_session_id, position }: Pick<Message, 'chat_session_id' | 'position'>,
  limit = Number.MAX_SAFE_INTEGER,
): Statement<Array<Pick<Message, 'event_summary_version'>>> =>
  createRead<Message, Message[]>(
    `SELECT event_summary_version FROM messages FORCE INDEX (idx_chat_session)
     WHERE chat_session_id = ? AND position < ? AND sender_type = 'user' ORDER BY position DESC LIMIT ?`,
    [chat_session_id, position, limit],
    (questions) => questions,
  )
