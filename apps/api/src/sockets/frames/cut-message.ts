import type { Message, MessageContent } from '@engineer-chat/protocol'

/** Counts the bytes of a character within JSON. For an escaped character, these are the bytes of its escape. */
function countJsonBytes(codePoint: number): number {
  if (codePoint === QUOTATION_MARK || codePoint === BACKSLASH) return 2
  if (codePoint < 0x20) return SHORT_ESCAPES.has(codePoint) ? 2 : LONG_ESCAPE_BYTES
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return LONG_ESCAPE_BYTES // This is a lone surrogate.
  return codePoint < 0x10000 ? 3 : 4
}

const QUOTATION_MARK = 0x22
const BACKSLASH = 0x5c
/** JSON.stringify escapes these control characters as \b, \t, \n, \f and \r. */
const SHORT_ESCAPES = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d])
/** JSON.stringify escapes other control characters, and lone surrogates, as \u and four hexadecimal digits. */
const LONG_ESCAPE_BYTES = 6

/** Returns the longest beginning of a text that takes at most `maxBytes` within JSON. No character is split. */
function takeStart(text: string, maxBytes: number): string {
  let bytesLeft = maxBytes
  let end = 0
  for (const character of text) {
    bytesLeft -= countJsonBytes(character.codePointAt(0) ?? 0)
    if (bytesLeft < 0) return text.slice(0, end)
    end += character.length
  }
  return text
}

/**
 * A cut question or reply keeps these fields of its content if they fit. The product writes them, and the schema limits
 * their size.
 */
const SMALL_FIELDS = ['model', 'finish_reason', 'fallback', 'attempts', 'usage', 'error'] as const

/**
 * Returns the message with `truncated` and as much of its text as fits. Its content keeps no other fields than the
 * small ones, and an agent's message keeps none: any of its fields may be long. A client reads the rest by HTTP.
 */
export function cutMessageToFit(message: Message, maxBytes: number): Message {
  const { message_category, message_content } = message
  const replaceContent = (content: MessageContent): Message => ({
    ...message,
    message_content: content,
    truncated: true,
  })
  const countBytesLeft = (content: MessageContent) =>
    maxBytes - Buffer.byteLength(JSON.stringify(replaceContent(content)))
  const smallFields: MessageContent = { content: '' }
  const keptNames = message_category === 'agent' ? [] : SMALL_FIELDS
  for (const name of keptNames)
    if (message_content[name] !== undefined) Object.assign(smallFields, { [name]: message_content[name] })
  // Any other `format` is left out, because it comes from an agent and its size has no limit.
  if (message_content.format === 'markdown') smallFields.format = 'markdown'
  const keptFields: MessageContent = countBytesLeft(smallFields) > 0 ? smallFields : { content: '' }
  return replaceContent({ ...keptFields, content: takeStart(message_content.content, countBytesLeft(keptFields)) })
}
