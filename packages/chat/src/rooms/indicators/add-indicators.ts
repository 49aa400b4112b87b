import {
  type Indicator,
  isQuote,
  MAX_INDICATORS_BYTES,
  type Message,
  type MessageContent,
} from '@engineer-chat/protocol'
import { findIndicators } from './find-indicators.ts'

/** At most this many characters of a message are read, because many long messages at once would block the node. */
const MAX_READ_CHARACTERS = 64 * 1024
/** No indicator is smaller than this as JSON. */
const MIN_INDICATOR_BYTES = 48
/** The search for indicators skips these fields, which the product writes, and reads `content` after all others. */
const SKIPPED_FIELDS = new Set<string>([
  'content',
  'format',
  'model',
  'finish_reason',
  'attempts',
  'usage',
  'citations',
  'prompt_version',
  'reasoning',
  'fallback',
  'error',
] satisfies Array<keyof MessageContent>)

interface FieldText {
  /** Is the JSON pointer of a text in any field but `content`. The text of `content` has none. */
  path?: string
  text: string
}

/**
 * Adds the indicators to a message on its way to a client. Rows do not store them, so that better rules improve old
 * messages.
 */
export function addIndicators(message: Message): Message {
  const { message_content: content, truncated } = message
  // A cut message has no other field with indicators, so each `end` is an offset in `content`. An indicator that ends
  // where the text is cut may be incomplete.
  const indicators = listIndicators(content).filter(({ end }) => !truncated || end < content.content.length)
  return indicators.length === 0 ? message : { ...message, indicators }
}

/** Lists the indicators of other fields and then of `content`, as far as they fit into `maxBytes` of JSON. */
export function listIndicators(content: MessageContent, maxBytes: number = MAX_INDICATORS_BYTES): Indicator[] {
  const indicators: Indicator[] = []
  let bytesLeft = maxBytes - '[]'.length
  let charactersLeft = MAX_READ_CHARACTERS
  for (const { path, text } of listFields(content)) {
    for (const span of findIndicators(cutAtWord(text, charactersLeft))) {
      const indicator = path === undefined ? span : { ...span, path }
      const bytes = Buffer.byteLength(JSON.stringify(indicator)) + ','.length
      // An indicator that is too long is skipped, and shorter ones take the space.
      if (bytes > bytesLeft) continue
      bytesLeft -= bytes
      indicators.push(indicator)
      if (bytesLeft < MIN_INDICATOR_BYTES) return indicators
    }
    charactersLeft -= text.length
    if (charactersLeft <= 0) break
  }
  return indicators
}

function* listFields(content: MessageContent): Generator<FieldText> {
  for (const [name, value] of Object.entries(content)) {
    if (!SKIPPED_FIELDS.has(name) && !isTextOfOthers(name, value)) yield* listTexts(value, `/${escapePointer(name)}`)
  }
  yield { text: content.content }
}

/**
 * Returns true for a quote, whose indicators are listed with the quoted message, and for the sources of an answer,
 * whose labels are titles of documents and names of other events. An agent's own field may have the same name.
 */
function isTextOfOthers(name: string, value: unknown): boolean {
  if (name === 'quote') return isQuote(value)
  return name === 'sources' && Array.isArray(value) && value.every(isAnswerSource)
}

const isAnswerSource = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'id' in value && 'kind' in value && 'label' in value

/** Yields the texts within a value. The depth of a value is limited where content is received. */
function* listTexts(value: unknown, path: string): Generator<FieldText> {
  if (typeof value === 'string') yield { path, text: value }
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) yield* listTexts(inner, `${path}/${escapePointer(name)}`)
}

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** Cuts a long text after a whole word, so that no indicator lacks its end. */
function cutAtWord(text: string, length: number): string {
  if (text.length <= length) return text
  let end = length
  while (end > 0 && !/\s/.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
