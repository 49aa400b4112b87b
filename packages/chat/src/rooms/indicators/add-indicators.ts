import { type Indicator, MAX_INDICATORS_BYTES, type Message, type MessageContent } from '@engineer-chat/protocol'
import { findIndicators } from './find-indicators.ts'

/** In a message at most this many characters are searched, because many long messages at once would block the node. */
const MAX_SEARCHED_CHARACTERS = 64 * 1024
/** The shortest indicator, an IPv6 address `::1`, takes this many bytes as JSON with its comma. */
const MIN_INDICATOR_BYTES = 48
/**
 * The search skips these fields of every row that is not an agent's, because in such a row the product writes them.
 * The indicators of a quote are listed with the quoted message. The labels of sources are titles of documents and names
 * of other events. An agent may use the same names for its own fields.
 */
const SKIPPED_FIELDS = new Set<string>([
  'format',
  'model',
  'finish_reason',
  'attempts',
  'usage',
  'citations',
  'sources',
  'prompt_version',
  'reasoning',
  'fallback',
  'error',
  'quote',
] satisfies Array<keyof MessageContent>)

type SearchedMessage = Pick<Message, 'message_category' | 'message_content'>

interface FieldText {
  /** Leads to the text within `message_content`. It is absent if the text is `content` itself. */
  path?: FieldPath
  text: string
}

interface FieldPath {
  /** Is a JSON pointer (RFC 6901). */
  pointer: string
  /**
   * Counts the bytes of the pointer within JSON. They are added up name by name, because a pointer may be long and lead
   * to many indicators.
   */
  bytes: number
}

/**
 * Adds the indicators to a message on its way to a client. Rows do not store them, so that better rules improve old
 * messages.
 */
export function addIndicators(message: Message): Message {
  const { message_content: content, truncated } = message
  // In a truncated message only `content` can hold indicators, so each `end` is an offset in it. An indicator that ends
  // where `content` was cut may be incomplete, so it is left out.
  const indicators = listIndicators(message).filter(({ end }) => !truncated || end < content.content.length)
  return indicators.length === 0 ? message : { ...message, indicators }
}

/**
 * Lists the indicators of a message: first those of the other fields, and last those of `content`. The list has at most
 * `maxBytes` as JSON.
 */
export const listIndicators = (message: SearchedMessage, maxBytes: number = MAX_INDICATORS_BYTES): Indicator[] =>
  listIndicatorsIn(listSearchedTexts(message), maxBytes)

/** Lists the indicators of a text that is not in a message. The list has at most `maxBytes` as JSON. */
export const listTextIndicators = (text: string, maxBytes: number): Indicator[] =>
  listIndicatorsIn([{ text }], maxBytes)

function listIndicatorsIn(texts: Iterable<FieldText>, maxBytes: number): Indicator[] {
  const indicators: Indicator[] = []
  let bytesLeft = maxBytes - '[]'.length
  let charactersLeft = MAX_SEARCHED_CHARACTERS
  for (const { path, text } of texts) {
    const pathBytes = path === undefined ? 0 : ',"path":""'.length + path.bytes
    for (const found of findIndicators(cutAfterSpace(text, charactersLeft))) {
      const bytes = Buffer.byteLength(JSON.stringify(found)) + pathBytes + ','.length
      // An indicator that does not fit is skipped, because a later one may be shorter.
      if (bytes > bytesLeft) continue
      bytesLeft -= bytes
      indicators.push(path === undefined ? found : { ...found, path: path.pointer })
      if (bytesLeft < MIN_INDICATOR_BYTES) return indicators
    }
    charactersLeft -= text.length
    if (charactersLeft <= 0) break
  }
  return indicators
}

function* listSearchedTexts({ message_category, message_content }: SearchedMessage): Generator<FieldText> {
  for (const [name, value] of Object.entries(message_content)) {
    const isSkipped = name === 'content' || (message_category !== 'agent' && SKIPPED_FIELDS.has(name))
    if (!isSkipped) yield* listTexts(value, appendName(EMPTY_PATH, name))
  }
  yield { text: message_content.content }
}

/** Yields the texts within a value. The recursion is bounded: where content is received, its depth is limited. */
function* listTexts(value: unknown, path: FieldPath): Generator<FieldText> {
  if (typeof value === 'string') yield { path, text: value }
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) yield* listTexts(inner, appendName(path, name))
}

const EMPTY_PATH: FieldPath = { pointer: '', bytes: 0 }

function appendName({ pointer, bytes }: FieldPath, name: string): FieldPath {
  const step = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
  return { pointer: pointer + step, bytes: bytes + Buffer.byteLength(JSON.stringify(step)) - '""'.length }
}

/** Cuts a text of more than `maxLength` characters after white space, so that no indicator lacks its end. */
function cutAfterSpace(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  let end = maxLength
  while (end > 0 && !/\s/.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
