import { findRoundTlp, isStricterTlp, removeCitations } from '../prompting/index.ts'
import type { PastRound, QuotedText, ReplyContext } from '../shared/index.ts'

/** Limits the text of all rounds of a carry-over together. Each of the other limits is for one text. */
const MAX_CHARACTERS_OF_ALL_ROUNDS = 6_000
const MAX_QUESTION_CHARACTERS = 300
const MAX_ANSWER_CHARACTERS = 900
const MAX_QUOTE_CHARACTERS = 300
const MAX_EARLIER_SUMMARY_CHARACTERS = 1_500

/** A carry-over is made from at most this many messages of the previous session. A round has two messages. */
export const MAX_CARRIED_MESSAGES = 20

/**
 * Summarizes an old session for the next session. The summary begins with the carry-over that the old session got when
 * it began. Then come the last rounds of the old session, as many as fit: the beginnings of their quotes, questions and
 * answers. The result is null if there is neither a carry-over nor a round. This function calls no model, so the next
 * session begins immediately.
 */
export function summarizeHistory({
  event,
  history,
  carried_over,
}: Pick<ReplyContext, 'history' | 'carried_over'> & { event: Pick<ReplyContext['event'], 'tlp'> }): string | null {
  // A carry-over is stored without a TLP label, so its source counts with the event's label. No red round is carried
  // over, because it is not known yet which model will read the summary.
  const isCarriedOver = (round: PastRound): boolean => {
    const tlp = findRoundTlp(round)
    return tlp === undefined || (tlp !== 'red' && !isStricterTlp(tlp, event.tlp))
  }
  const roundTexts = history.filter(isCarriedOver).map(toRoundText)
  let remainingCharacters = MAX_CHARACTERS_OF_ALL_ROUNDS
  const lastTexts: string[] = []
  for (const text of roundTexts.toReversed()) {
    remainingCharacters -= text.length
    if (remainingCharacters < 0) break
    lastTexts.unshift(text)
  }
  const parts = carried_over
    ? [`Before that:\n${shorten(carried_over, MAX_EARLIER_SUMMARY_CHARACTERS)}`, ...lastTexts]
    : lastTexts
  return parts.length === 0 ? null : parts.join('\n\n')
}

function toRoundText({ question, answer, citations, quote }: PastRound): string {
  const shortQuestion = shorten(question, MAX_QUESTION_CHARACTERS)
  const shortAnswer = shorten(removeCitations(answer, citations), MAX_ANSWER_CHARACTERS)
  return `${toQuoteLine(quote)}Q: ${shortQuestion}\nA: ${shortAnswer}`
}

/** Returns a line with its line break, or an empty text if the question has no quote. */
const toQuoteLine = (quote: QuotedText | undefined): string =>
  quote ? `Quote (${quote.author}, ${quote.created_at}): ${shorten(quote.text, MAX_QUOTE_CHARACTERS)}\n` : ''

/**
 * Shortens a text that is longer than `maxCharacters` and adds ` […]`, which is not counted. The text is cut after the
 * last whole line or sentence within the limit, if more than half of `maxCharacters` are then kept. Otherwise it is cut
 * at the limit.
 */
function shorten(text: string, maxCharacters: number): string {
  const trimmed = text.trim()
  if (trimmed.length <= maxCharacters) return trimmed
  const beginning = trimmed.slice(0, maxCharacters).toWellFormed()
  const end = Math.max(beginning.lastIndexOf('\n'), beginning.lastIndexOf('. ') + 1, beginning.lastIndexOf('。') + 1)
  return `${beginning.slice(0, end > maxCharacters / 2 ? end : maxCharacters).trimEnd()} […]`
}
