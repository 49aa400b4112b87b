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

/** Matches the beginning of a citation's mark at the end of a cut text. A quote must not contain a part of a mark. */
const CUT_MARK = /[ \t]?[[【［][a-z\d?,，;；、 ]{0,40}$/i

/**
 * Cuts a text that is longer than a quote may be, if possible after a word in its last fifth. Empty lines are removed.
 */
export function cutQuote(text: string): string {
  const withoutEmptyLines = text.trim().replace(/\n\s*\n/g, '\n')
  // The spread splits the text into code points. A long text is cut before, so that this stays fast.
  const characters = [...withoutEmptyLines.slice(0, 4 * MAX_QUOTE_CHARACTERS)]
  if (characters.length <= MAX_QUOTE_CHARACTERS) return characters.join('')
  const cut = characters.slice(0, MAX_QUOTE_CHARACTERS).join('')
  const end = Math.max(cut.lastIndexOf(' '), cut.lastIndexOf('\n'))
  return (end > cut.length * 0.8 ? cut.slice(0, end) : cut).replace(CUT_MARK, '').trimEnd()
}
