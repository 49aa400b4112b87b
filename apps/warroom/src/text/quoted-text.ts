import { toVisiblePlain } from '@engineer-chat/markdown'
import { MAX_QUOTE_CHARACTERS, type Message, readMessageBody } from '@engineer-chat/protocol'
import { toVisibleMarkdown } from './excerpt.ts'

/** Returns the text for a quote of a whole message, as its readers see it. A long text is cut. */
export function toWholeQuote(message: Message): string {
  const { sender_type, message_content } = message
  const { text, isMarkdown } = readMessageBody(message)
  if (text === undefined) return cutQuote(message_content.content)
  return cutQuote(isMarkdown ? toVisibleMarkdown(text, sender_type === 'ai') : toVisiblePlain(text))
}

/**
 * Matches the beginning of a citation's mark at the end of a cut text, such as ` [ev`. A quote must not contain a part
 * of a mark.
 */
const CUT_CITATION_MARK = /[ \t]?[[【［][a-z\d?,，;；、 ]{0,40}$/i

/**
 * A text is cut to this many UTF-16 units before it is split into code points, so that the split stays fast. A code
 * point has at most two units, so a text that was cut here is still too long for a quote.
 */
const MAX_SPLIT_UNITS = 4 * MAX_QUOTE_CHARACTERS

/**
 * Cuts a text that is longer than a quote may be, if possible after a word in its last fifth. Empty lines are removed.
 */
export function cutQuote(text: string): string {
  const withoutEmptyLines = text.trim().replace(/\n\s*\n/g, '\n')
  const codePoints = [...withoutEmptyLines.slice(0, MAX_SPLIT_UNITS)]
  if (codePoints.length <= MAX_QUOTE_CHARACTERS) return codePoints.join('')
  const cutText = codePoints.slice(0, MAX_QUOTE_CHARACTERS).join('')
  const lastSpace = Math.max(cutText.lastIndexOf(' '), cutText.lastIndexOf('\n'))
  const isInLastFifth = lastSpace > cutText.length * 0.8
  return (isInLastFifth ? cutText.slice(0, lastSpace) : cutText).replace(CUT_CITATION_MARK, '').trimEnd()
}
