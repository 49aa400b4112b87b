import { createAnswer } from '../cluster/llm.ts'
import type { Ledger } from '../load/ledger.ts'
import type { Truth, TruthRow } from './truth.ts'

/** Compares the rows of MySQL with what the API accepted and with the promises of the contract. */
export function checkStored(truth: Truth, ledger: Ledger): string[] {
  return [
    ...checkQuestions(truth, ledger),
    ...checkReplies(truth),
    ...checkPosts(truth, ledger),
    ...checkNumbers(truth),
    ...checkSessions(truth),
  ]
}

function checkQuestions({ rows }: Truth, { questions }: Ledger): string[] {
  const byId = new Map(rows.map((row) => [row.message_id, row]))
  const byKey = Map.groupBy(rows, (row) => row.client_message_id)
  const repliesTo = Map.groupBy(rows, (row) => row.reply_to)
  return questions.flatMap(({ accepted, text, key }) => {
    if (!accepted) return [`"${text}" was never accepted`]
    const row = byId.get(accepted.question_id)
    if (!row) return [`"${text}" was accepted and is not stored`]
    const replies = repliesTo.get(row.message_id) ?? []
    return [
      ...(row.content.content === `@AI ${text}` ? [] : [`"${text}" is stored as "${row.content.content}"`]),
      ...(byKey.get(key)?.length === 1 ? [] : [`"${text}" is stored ${byKey.get(key)?.length} times`]),
      ...(replies.length === 1 ? [] : [`"${text}" has ${replies.length} replies`]),
      ...(replies[0]?.message_id === accepted.reply_id ? [] : [`"${text}" has another reply than it was promised`]),
      ...(replies[0]?.position === row.position + 1 ? [] : [`the reply to "${text}" doesn't stand after it`]),
    ]
  })
}

function checkReplies({ rows }: Truth): string[] {
  const byId = new Map(rows.map((row) => [row.message_id, row]))
  return rows.flatMap((row) => {
    if (row.reply_to === null) return row.unfinished ? [`${row.message_id} is no reply, and unfinished`] : []
    const question = byId.get(row.reply_to)
    if (!question) return [`the reply ${row.message_id} has no question`]
    if (row.unfinished || row.message_type === 'thinking')
      return [`the reply ${row.message_id} is stuck: ${getState(row)}`]
    return checkAnswer(row, createAnswer(question.content.content.replace('@AI ', '')))
  })
}

const getState = ({ message_type, attempt, tries }: TruthRow) => `${message_type}, attempt ${attempt}, ${tries} tries`

function checkAnswer({ message_id, message_type, message_from, content }: TruthRow, answer: string): string[] {
  const { finish_reason } = content
  if (message_type === 'error') {
    const isErrorRow = content.error !== undefined && finish_reason === 'error' && message_from === 'system'
    return isErrorRow && !/upstream|127\.0\.0\.1|ECONN/.test(content.content)
      ? []
      : [`${message_id} is no honest failure`]
  }
  if (finish_reason === 'stop')
    return content.content === answer ? [] : [`${message_id} isn't what the model said: ${JSON.stringify(content)}`]
  if (finish_reason === 'cancelled') {
    return answer.startsWith(content.content) ? [] : [`${message_id} isn't a beginning of what the model said`]
  }
  return [`${message_id} ended with ${finish_reason}`]
}

function checkPosts({ rows }: Truth, { posts }: Ledger): string[] {
  return posts.flatMap(({ word, accepted }) => {
    const stored = rows.filter((row) => row.content.content.includes(word))
    const allowedCounts = accepted ? [1] : [0, 1]
    return allowedCounts.includes(stored.length) ? [] : [`the post ${word} is stored ${stored.length} times`]
  })
}

function checkNumbers({ rows, seqs }: Truth): string[] {
  return [...Map.groupBy(rows, (row) => row.event_id)].flatMap(([event_id, room]) => {
    const last = seqs.get(event_id) ?? 0
    const wrong = room.filter(({ position, seq }) => position < 1 || seq < position || seq > last)
    const countDuplicates = (numbers: number[]) => numbers.length - new Set(numbers).size
    return [
      ...wrong.map(({ message_id, position, seq }) => `${message_id} stands at ${position}, number ${seq} of ${last}`),
      ...(countDuplicates(room.map(({ seq }) => seq)) > 0 ? [`a number of ${event_id} was spent twice`] : []),
      ...(countDuplicates(room.map(({ position }) => position)) > 0
        ? [`a position of ${event_id} was given twice`]
        : []),
    ]
  })
}

function checkSessions({ rows, sessions }: Truth): string[] {
  const questions = Map.groupBy(
    rows.filter((row) => row.message_category === 'engineer_chat' && row.reply_to === null),
    (row) => row.chat_session_id,
  )
  return sessions.flatMap(({ session_id, rounds, max_rounds }) => {
    const asked = questions.get(session_id)?.length ?? 0
    return asked === rounds && rounds <= max_rounds ? [] : [`${session_id}: ${asked} questions, ${rounds} rounds`]
  })
}
