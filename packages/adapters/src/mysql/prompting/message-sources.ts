import { type RoomMessageRow, SOURCE_AUDIENCES, toRoomMessage } from '@engineer-chat/chat/prompting'
import type { RoomMessage } from '@engineer-chat/chat/shared'
import { createRead, parseJson, type Statement, toIso } from '../core/index.ts'
import type { MessageRecord } from '../rooms/index.ts'
import { type Labels, selectContent, toLabelledSources } from './labelled-content.ts'

/** Limits the rows to those after `after` and before `before`: by `position`, or by `seq` where a statement says so. */
export interface RowRange {
  event_id: string
  /** Names the question's own session. The prompt has its rounds as history. */
  session_id: string
  after: number
  before: number
  /** Only messages that were pinned up to this time count as pins. */
  asked_at: string
  /**
   * Posts and answers that were pinned up to this time are left out, because the prompt has them as pins. If it has no
   * pins, this time is before every pin.
   */
  omit_pinned_until: string
}

// These are FROM clauses, each with a function for its values. `m` is the message. A catch-up has the pins whose
// messages were changed or pinned after the asker's last read (`seq`). The index is named, because otherwise the
// optimizer takes time to compare all indexes.
export const FROM_PINS = `FROM pins p STRAIGHT_JOIN messages m FORCE INDEX (PRIMARY) ON m.event_id = p.event_id AND m.position = p.position
  WHERE p.event_id = ? AND p.position < ? AND m.seq > ? AND m.pinned_at <= ? AND m.due_at IS NULL AND m.audience IN (?)`

export const listPinValues = ({ event_id, before, after, asked_at }: RowRange): unknown[] => [
  event_id,
  before,
  after,
  asked_at,
  SOURCE_AUDIENCES,
]

export const FROM_POSTS = `FROM messages m FORCE INDEX (idx_message_category)
  WHERE m.message_category = 'room' AND m.sender_type = 'user' AND m.event_id = ? AND m.position > ? AND m.position < ?
    AND (m.pinned_at IS NULL OR m.pinned_at > ?) AND m.audience IN (?)`

export const listPostValues = ({ event_id, after, before, omit_pinned_until }: RowRange): unknown[] => [
  event_id,
  after,
  before,
  omit_pinned_until,
  SOURCE_AUDIENCES,
]

// Selects the answers of shared chats, whose audience is `people`. Those of the question's own session are in the
// history already. `<> ''` also excludes text that consists of blanks.
const IS_SHARED_ANSWER = `m.event_id = ? AND m.audience = 'people' AND m.position > ? AND m.position < ?
    AND m.sender_type = 'ai' AND m.message_type = 'chat' AND m.chat_session_id <> ?
    AND (m.pinned_at IS NULL OR m.pinned_at > ?) AND JSON_UNQUOTE(JSON_EXTRACT(m.message_content, '$.content')) <> ''`

export const FROM_ANSWERS = `FROM messages m FORCE INDEX (idx_page) WHERE ${IS_SHARED_ANSWER}`

// The ranking may name the position of a question. These rows are the answers to the named questions.
const FROM_ANSWERS_BY_QUESTION = `FROM messages n STRAIGHT_JOIN messages m ON m.reply_to = n.message_id
  WHERE n.event_id = ? AND n.position IN (?) AND ${IS_SHARED_ANSWER}`

export const listAnswerValues = ({ event_id, after, before, session_id, omit_pinned_until }: RowRange): unknown[] => [
  event_id,
  after,
  before,
  session_id,
  omit_pinned_until,
]

type FoundMessage = Pick<
  MessageRecord,
  'message_id' | 'position' | 'message_category' | 'message_from' | 'user_id' | 'message_content' | 'created_at'
> & {
  labels: Labels
  username: string | null
  asked: MessageRecord['message_content'] | null
  question_position: number | null
  asked_by: string | null
}

export const selectPositions = (fromClause: string, values: unknown[], limit: number): Statement<number[]> =>
  createRead<Pick<MessageRecord, 'position'>, number[]>(
    `SELECT m.position ${fromClause} ORDER BY m.position DESC LIMIT ?`,
    [...values, limit],
    (rows) => rows.map(({ position }) => position),
  )

export interface FoundPost {
  position: number
  /** Counts the bytes of the post's content without its quote, which is not in the prompt. */
  bytes: number
}

// The quote is subtracted, because MariaDB takes several times as long to extract and unquote a long text.
const POST_BYTES = `LENGTH(m.message_content) - IFNULL(LENGTH(JSON_EXTRACT(m.message_content, '$.quote')), 0)`

export const selectPosts = (values: unknown[], limit: number): Statement<FoundPost[]> =>
  createRead<FoundPost, FoundPost[]>(
    `SELECT m.position, ${POST_BYTES} AS bytes ${FROM_POSTS} ORDER BY m.position DESC LIMIT ?`,
    [...values, limit],
    (rows) => rows.map(({ position, bytes }) => ({ position, bytes: Number(bytes) })),
  )

const SOURCE_COLUMNS = `m.message_id, m.position, m.message_category, m.message_from, m.user_id,
  ${selectContent('m', 'message_content')}, m.created_at,
  u.username, q.message_content AS asked, q.position AS question_position, a.username AS asked_by`

// `u` is the author of the message `m`. For an answer, `q` is its question, and `a` is the asker.
const SOURCE_JOINS = `LEFT JOIN users u ON u.user_id = m.user_id
  LEFT JOIN messages q ON q.message_id = m.reply_to
  LEFT JOIN users a ON a.user_id = q.user_id`

export const selectNewestMessages = (
  { event_id }: Pick<RowRange, 'event_id'>,
  positions: number[],
): Statement<RoomMessage[]> =>
  createRead<FoundMessage, RoomMessage[]>(
    `SELECT ${SOURCE_COLUMNS} FROM messages m ${SOURCE_JOINS} WHERE m.event_id = ? AND m.position IN (?)`,
    [event_id, positions],
    (rows) => rows.map(toMessage),
  )

/** Checks the conditions again, because the text index may be some seconds behind. */
export const selectOlderMessages = (range: RowRange, positions: number[]): Statement<RoomMessage[]>[] => [
  selectMessages(`${FROM_POSTS} AND m.position IN (?)`, [...listPostValues(range), positions]),
  selectMessages(`${FROM_ANSWERS} AND m.position IN (?)`, [...listAnswerValues(range), positions]),
  selectMessages(FROM_ANSWERS_BY_QUESTION, [range.event_id, positions, ...listAnswerValues(range)]),
]

// The derived table has only keys, because MariaDB writes a derived table with texts to a file.
const selectMessages = (fromClause: string, values: unknown[]): Statement<RoomMessage[]> =>
  createRead<FoundMessage, RoomMessage[]>(
    `SELECT ${SOURCE_COLUMNS} FROM (SELECT m.event_id, m.position ${fromClause}) AS found
       STRAIGHT_JOIN messages m ON m.event_id = found.event_id AND m.position = found.position ${SOURCE_JOINS}`,
    values,
    (rows) => rows.map(toMessage),
  )

function toMessage({
  message_content,
  labels,
  created_at,
  username,
  asked,
  question_position,
  asked_by,
  ...row
}: FoundMessage): RoomMessage {
  const read: RoomMessageRow = {
    ...row,
    message_content: { ...parseJson(message_content), sources: toLabelledSources(labels) },
    created_at: toIso(created_at),
    username,
    question:
      asked === null || question_position === null
        ? null
        : { username: asked_by, content: parseJson(asked).content, position: question_position },
  }
  return toRoomMessage(read)
}
