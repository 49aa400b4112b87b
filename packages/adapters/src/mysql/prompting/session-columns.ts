import { MAX_EARLIER_QUESTIONS } from '@engineer-chat/chat/prompting'
import type { Message } from '@engineer-chat/protocol'
import type { TableRow } from '../core/index.ts'
import type { chatSessions } from '../schema/index.ts'

// Earlier questions are read by the statement that finds the question, because the next step, the ranking, needs them.
type Column = `earlier_${number}`
const COLUMNS = Array.from({ length: MAX_EARLIER_QUESTIONS }, (_, index): Column => `earlier_${index}`)

/** Holds the fields of a session and of its earlier questions that a prompt needs. */
export interface SessionRow extends Record<Column, string | null>, Pick<TableRow<typeof chatSessions>, 'carried_over'> {
  /** Holds the summary's version at the previous question. It is also null if there is no previous question. */
  earlier_summary_version: Message['event_summary_version']
}

const selectSession = (session_id: string, condition: string): string => {
  const selectLast = (expression: string, column: string, offset: number): string =>
    `(SELECT ${expression} FROM messages p FORCE INDEX (idx_chat_session)
      WHERE p.chat_session_id = ${session_id}${condition} AND p.sender_type = 'user'
      ORDER BY p.position DESC LIMIT 1 OFFSET ${offset}) AS ${column}`
  return [
    ...COLUMNS.map((column, index) =>
      selectLast("JSON_UNQUOTE(JSON_EXTRACT(p.message_content, '$.content'))", column, index),
    ),
    selectLast('p.event_summary_version', 'earlier_summary_version', 0),
    `(SELECT s.carried_over FROM chat_sessions s WHERE s.session_id = ${session_id}) AS carried_over`,
  ].join(', ')
}

/** Selects the session of the question `q`, as it was before the question. */
export const SESSION_BEFORE_QUESTION = selectSession('q.chat_session_id', ' AND p.position < q.position')

/** Selects a session as it is now. Each `?` of this SQL stands for the session's id. */
export const SESSION_NOW = selectSession('?', '')
export const listSessionValues = (session_id: string | null): Array<string | null> =>
  [...COLUMNS, 'earlier_summary_version', 'carried_over'].map(() => session_id)

/** Returns the texts of the earlier questions, the newest first. */
export const readEarlierQuestions = (row: SessionRow): string[] => COLUMNS.flatMap((column) => row[column] ?? [])
