import type { Message, MessageContent } from '@engineer-chat/protocol'

/** Bytes that a text takes within JSON, by code point: what is escaped counts as its escape. */
function jsonBytes(codePoint: number): number {
  if (codePoint === 0x22 || codePoint === 0x5c) return 2
  if (codePoint < 0x20) return SHORT_ESCAPES.has(codePoint) ? 2 : 6
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return 6 // a lone surrogate, which JSON.stringify escapes
  return codePoint < 0x10000 ? 3 : 4
}
const SHORT_ESCAPES = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d])

/** The head of a text that takes at most so many bytes within JSON; no character is split. */
function takeStart(text: string, bytes: number): string {
  let left = bytes
  let end = 0
  for (const character of text) {
    left -= jsonBytes(character.codePointAt(0) ?? 0)
    if (left < 0) return text.slice(0, end)
    end += character.length
  }
  return text
}

/** What is kept of a content beside its head: fields that are small by their schema. */
const SMALL = ['model', 'finish_reason', 'fallback', 'attempts', 'usage', 'error'] as const

/** The message with as much of its text as fits, and `truncated`; whoever wants the rest reads it by HTTP. */
export function cutMessageToFit(message: Message, bytes: number): Message {
  const { message_content } = message
  const bare = (content: MessageContent): Message => ({ ...message, message_content: content, truncated: true })
  const room = (content: MessageContent) => bytes - Buffer.byteLength(JSON.stringify(bare(content)))
  const small: MessageContent = { content: '' }
  for (const name of SMALL)
    if (message_content[name] !== undefined) Object.assign(small, { [name]: message_content[name] })
  const kept: MessageContent = room(small) > 0 ? small : { content: '' }
  return bare({ ...kept, content: takeStart(message_content.content, room(kept)) })
}
