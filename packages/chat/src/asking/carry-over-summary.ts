import { findRoundTlp, removeCitations } from '../prompting/index.ts'
import type { PastRound, QuotedText, ReplyContext } from '../shared/index.ts'

/** Limits the text of all rounds of a carry-over together. The other limits are for one text each. */
const MAX_ROUNDS_CHARACTERS = 6_000
const MAX_QUESTION_CHARACTERS = 300
const MAX_ANSWER_CHARACTERS = 900
const MAX_QUOTE_CHARACTERS = 300
const MAX_EARLIER_SUMMARY_CHARACTERS = 1_500

/** A carry-over is made from at most this many messages of the previous session. A round has two messages. */
export const MAX_CARRIED_MESSAGES = 20

/**
 * Summarizes a session for the next one: the carry-over that this session got when it began, and its last questions
 * with the beginnings of their answers. It returns null if there is neither. It calls no model, so the next session
 * begins immediately.
 */
export function summarizeHistory({
  history,
  carried_over,
}: Pick<ReplyContext, 'history' | 'carried_over'>): string | null {
  // Rounds of TLP:RED are left out, because it is not known yet which model will read the summary.
  const rounds = history.filter((round) => findRoundTlp(round) !== 'red').map(writeRound)
  let remainingCharacters = MAX_ROUNDS_CHARACTERS
  const lastRounds: string[] = []
  for (const round of rounds.toReversed()) {
    remainingCharacters -= round.length
    if (remainingCharacters < 0) break
    lastRounds.unshift(round)
  }
  const parts = carried_over
    ? [`Before that:\n${shorten(carried_over, MAX_EARLIER_SUMMARY_CHARACTERS)}`, ...lastRounds]
    : lastRounds
  return parts.length === 0 ? null : parts.join('\n\n')
}

function writeRound({ question, answer, citations, quote }: PastRound): string {
  const shortQuestion = shorten(question, MAX_QUESTION_CHARACTERS)
  const shortAnswer = shorten(removeCitations(answer, citations), MAX_ANSWER_CHARACTERS)
  return `${writeQuote(quote)}Q: ${shortQuestion}\nA: ${shortAnswer}`
}

const writeQuote = (quote: QuotedText | undefined): string =>
  quote ? `Quote (${quote.author}, ${quote.created_at}): ${shorten(quote.text, MAX_QUOTE_CHARACTERS)}\n` : ''

/**
 * Cuts a text that is over the limit and adds ` […]`. The cut is at the end of the last whole line or sentence if more
 * than half of the allowed characters remain, or else at the limit.
 */
function shorten(text: string, maxCharacters: number): string {
  const trimmed = text.trim()
  if (trimmed.length <= maxCharacters) return trimmed
  const cut = trimmed.slice(0, maxCharacters).toWellFormed()
  const end = Math.max(cut.lastIndexOf('\n'), cut.lastIndexOf('. ') + 1, cut.lastIndexOf('。') + 1)
  return `${cut.slice(0, end > maxCharacters / 2 ? end : maxCharacters).trimEnd()} […]`
}
