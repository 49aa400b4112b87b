import type { Ledger } from '../load/ledger.ts'
import { createAnswer } from '../testbed/llm.ts'
import type { StoredRow, StoredState } from './stored-state.ts'

/** Compares the rows of MySQL with what the API accepted and with what the contract promises. */
export function checkStored(storedState: StoredState, ledger: Ledger): string[] {
  return [
    ...checkQuestions(storedState, ledger),
    ...checkReplies(storedState),
    ...checkPosts(storedState, ledger),
    ...checkSequence(storedState),
    ...checkSessions(storedState),
  ]
}

function checkQuestions({ rows }: StoredState, { questions }: Ledger): string[] {
  const rowsById = new Map(rows.map((row) => [row.message_id, row]))
  const rowsByIdempotencyKey = Map.groupBy(rows, (row) => row.client_message_id)
  const repliesByQuestionId = Map.groupBy(rows, (row) => row.reply_to)
  return questions.flatMap(({ accepted, text, idempotencyKey }) => {
    if (!accepted) return [`"${text}" was never accepted`]
    const row = rowsById.get(accepted.question_id)
    if (!row) return [`"${text}" was accepted, but it is not stored`]
    const replies = repliesByQuestionId.get(row.message_id) ?? []
    const storedCount = rowsByIdempotencyKey.get(idempotencyKey)?.length ?? 0
    return [
      ...(row.content.content === `@AI ${text}` ? [] : [`"${text}" is stored as "${row.content.content}"`]),
      ...(storedCount === 1 ? [] : [`"${text}" is stored ${storedCount} times`]),
      ...(replies.length === 1 ? [] : [`"${text}" has ${replies.length} replies`]),
      ...(replies[0]?.message_id === accepted.reply_id
        ? []
        : [`"${text}" has a different reply from the one that the API returned`]),
      ...(replies[0]?.position === row.position + 1
        ? []
        : [`the reply to "${text}" does not directly follow its question`]),
    ]
  })
}

function checkReplies({ rows }: StoredState): string[] {
  const rowsById = new Map(rows.map((row) => [row.message_id, row]))
  return rows.flatMap((row) => {
    if (row.reply_to === null) return row.unfinished ? [`${row.message_id} is not a reply, but it is unfinished`] : []
    const question = rowsById.get(row.reply_to)
    if (!question) return [`the reply ${row.message_id} has no question`]
    if (row.unfinished || row.message_type === 'thinking')
      return [`the reply ${row.message_id} is stuck: ${describeReply(row)}`]
    return checkAnswer(row, createAnswer(question.content.content.replace('@AI ', '')))
  })
}

const describeReply = ({ message_type, attempt, tries }: StoredRow) =>
  `${message_type}, attempt ${attempt}, ${tries} tries`

/** Matches texts that no user may read. They occur in the model's error message, in an address or in a socket error. */
const INTERNAL_TEXT = /upstream|127\.0\.0\.1|ECONN/

function checkAnswer({ message_id, message_type, message_from, content }: StoredRow, answer: string): string[] {
  const { finish_reason } = content
  if (message_type === 'error') {
    const isComplete = content.error !== undefined && finish_reason === 'error' && message_from === 'system'
    return isComplete && !INTERNAL_TEXT.test(content.content)
      ? []
      : [`${message_id} is an error row that is not complete or contains an internal text`]
  }
  if (finish_reason === 'stop')
    return content.content === answer ? [] : [`${message_id} isn't what the model said: ${JSON.stringify(content)}`]
  if (finish_reason === 'cancelled') {
    return answer.startsWith(content.content) ? [] : [`${message_id} isn't a beginning of what the model said`]
  }
  return [`${message_id} ended with ${finish_reason}`]
}

function checkPosts({ rows }: StoredState, { posts }: Ledger): string[] {
  return posts.flatMap(({ marker, accepted }) => {
    const stored = rows.filter((row) => row.content.content.includes(marker))
    // A post counts as not accepted if its HTTP response was lost, but it may be stored.
    const allowedCounts = accepted ? [1] : [0, 1]
    return allowedCounts.includes(stored.length) ? [] : [`the post ${marker} is stored ${stored.length} times`]
  })
}

function checkSequence({ rows, lastSeqByRoom }: StoredState): string[] {
  return [...Map.groupBy(rows, (row) => row.event_id)].flatMap(([event_id, roomRows]) => {
    const lastSeq = lastSeqByRoom.get(event_id) ?? 0
    const misplacedRows = roomRows.filter(({ position, seq }) => position < 1 || seq < position || seq > lastSeq)
    const countDuplicates = (numbers: number[]) => numbers.length - new Set(numbers).size
    return [
      ...misplacedRows.map(
        ({ message_id, position, seq }) =>
          `${message_id} is misplaced: position ${position}, seq ${seq}, last seq of the room ${lastSeq}`,
      ),
      ...(countDuplicates(roomRows.map(({ seq }) => seq)) > 0 ? [`a seq of ${event_id} was given twice`] : []),
      ...(countDuplicates(roomRows.map(({ position }) => position)) > 0
        ? [`a position of ${event_id} was given twice`]
        : []),
    ]
  })
}

function checkSessions({ rows, sessions }: StoredState): string[] {
  const questions = Map.groupBy(
    rows.filter((row) => row.message_category === 'engineer_chat' && row.reply_to === null),
    (row) => row.chat_session_id,
  )
  return sessions.flatMap(({ session_id, rounds, max_rounds }) => {
    const questionCount = questions.get(session_id)?.length ?? 0
    return questionCount === rounds && rounds <= max_rounds
      ? []
      : [`session ${session_id}: ${questionCount} questions, ${rounds} rounds, at most ${max_rounds} allowed`]
  })
}
