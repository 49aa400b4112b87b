import { findTurnTlp, removeCitations } from '../prompting/index.ts'
import type { PastTurn, QuotedText, ReplyContext } from '../shared/index.ts'

const MAX_TURNS_CHARACTERS = 6_000
const MAX_QUESTION_CHARACTERS = 300
const MAX_ANSWER_CHARACTERS = 900
const MAX_QUOTE_CHARACTERS = 300
const MAX_EARLIER_SUMMARY_CHARACTERS = 1_500

/** A summary is made from at most this many messages of the last session. A turn has two: a question and its answer. */
export const CARRIED_MESSAGES = 20

/**
 * Returns the session's last questions and the beginnings of their answers for the next session, or null if the session
 * has none. It calls no model, so a new session begins immediately and contains only copied text.
 */
export function summarizeHistory({
  history,
  carried_over,
}: Pick<ReplyContext, 'history' | 'carried_over'>): string | null {
  // Turns of TLP:RED are left out, because it is not known yet which model will read the summary.
  const turns = history.filter((turn) => findTurnTlp(turn) !== 'red').map(writeTurn)
  let remainingCharacters = MAX_TURNS_CHARACTERS
  const lastTurns: string[] = []
  for (const turn of turns.toReversed()) {
    remainingCharacters -= turn.length
    if (remainingCharacters < 0) break
    lastTurns.unshift(turn)
  }
  const parts = carried_over
    ? [`Before that:\n${takeStart(carried_over, MAX_EARLIER_SUMMARY_CHARACTERS)}`, ...lastTurns]
    : lastTurns
  return parts.length === 0 ? null : parts.join('\n\n')
}

function writeTurn({ question, answer, citations, quote }: PastTurn): string {
  const shortQuestion = takeStart(question, MAX_QUESTION_CHARACTERS)
  const shortAnswer = takeStart(removeCitations(answer, citations), MAX_ANSWER_CHARACTERS)
  return `${writeQuote(quote)}Q: ${shortQuestion}\nA: ${shortAnswer}`
}

const writeQuote = (quote: QuotedText | undefined): string =>
  quote ? `Quote (${quote.author}, ${quote.created_at}): ${takeStart(quote.text, MAX_QUOTE_CHARACTERS)}\n` : ''

/** Cuts the text to the limit, after the last line or sentence that ends in the second half, if there is one. */
function takeStart(text: string, maxCharacters: number): string {
  const trimmed = text.trim()
  if (trimmed.length <= maxCharacters) return trimmed
  const cut = trimmed.slice(0, maxCharacters).toWellFormed()
  const end = Math.max(cut.lastIndexOf('\n'), cut.lastIndexOf('. ') + 1, cut.lastIndexOf('。') + 1)
  return `${cut.slice(0, end > maxCharacters / 2 ? end : maxCharacters).trimEnd()} […]`
}
