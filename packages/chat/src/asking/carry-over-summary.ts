import { removeCitations } from '../prompting/index.ts'
import type { QuotedText, ReplyContext } from '../shared/index.ts'

const MAX_CHARACTERS = 6_000
const QUESTION_CHARACTERS = 300
const ANSWER_CHARACTERS = 900
const QUOTE_CHARACTERS = 300
const EARLIER_CHARACTERS = 1_500

/** A summary is made from at most this many messages of the last session. A turn has two messages. */
export const CARRIED_MESSAGES = 20

/**
 * Returns the session's last questions and the beginnings of their answers for the next session, or null if there are
 * none. It calls no model, so a new session begins immediately and contains only copied text.
 */
export function summarizeHistory({
  history,
  carried_over,
}: Pick<ReplyContext, 'history' | 'carried_over'>): string | null {
  // Turns of TLP:RED are left out, because it is not known yet which model will read the summary.
  const turns = history
    .filter(({ tlp }) => tlp !== 'red')
    .map(
      ({ question, answer, citations, quote }) =>
        `${writeQuoted(quote)}Q: ${takeStart(question, QUESTION_CHARACTERS)}\nA: ${takeStart(removeCitations(answer, citations), ANSWER_CHARACTERS)}`,
    )
  let remaining = MAX_CHARACTERS
  const kept: string[] = []
  for (const turn of turns.toReversed()) {
    remaining -= turn.length
    if (remaining < 0) break
    kept.unshift(turn)
  }
  const earlier = carried_over ? [`Before that:\n${takeStart(carried_over, EARLIER_CHARACTERS)}`] : []
  return kept.length + earlier.length === 0 ? null : [...earlier, ...kept].join('\n\n')
}

const writeQuoted = (quote: QuotedText | undefined): string =>
  quote ? `Quote (${quote.author}, ${quote.created_at}): ${takeStart(quote.text, QUOTE_CHARACTERS)}\n` : ''

/** Cuts the text after a sentence or a line if one ends in its second half, otherwise at the limit. */
function takeStart(text: string, maxCharacters: number): string {
  const trimmed = text.trim()
  if (trimmed.length <= maxCharacters) return trimmed
  const cut = trimmed.slice(0, maxCharacters).toWellFormed()
  const end = Math.max(cut.lastIndexOf('\n'), cut.lastIndexOf('. ') + 1, cut.lastIndexOf('。') + 1)
  return `${cut.slice(0, end > maxCharacters / 2 ? end : maxCharacters).trimEnd()} […]`
}
