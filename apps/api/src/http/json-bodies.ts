import { isUtf8 } from 'node:buffer'
import { ChatError } from '@engineer-chat/chat/shared'
import { parseKeepingDigits, WrittenNumber } from '@engineer-chat/chat/written-number'
import type { Api } from '../deps.ts'

const BYTE_ORDER_MARK = '\ufeff'
/** Numbers in this field of a body keep all their digits, because an agent's content is stored and shown unchanged. */
const VERBATIM_FIELD = 'message_content'

/**
 * Accepts only JSON in UTF-8, with or without a byte order mark. `__proto__` and `constructor` are ordinary field
 * names, because JSON.parse creates own fields for them. An empty body becomes undefined. The body itself counts as the
 * first of at most `maxDepth` levels.
 */
export function readJsonBodies(app: Api, maxDepth: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    if (bytes.length === 0) return done(null, undefined)
    // A decoder would replace invalid bytes, but the stored text must be the text that was sent.
    if (!isUtf8(bytes)) return done(new ChatError('validation_failed', 'The body is not valid UTF-8.'))
    const body = parseBody(bytes.toString())
    if (body instanceof ChatError) return done(body)
    if (isDeeperThan(body, maxDepth)) {
      return done(new ChatError('validation_failed', `The body is nested too deeply: more than ${maxDepth} levels.`))
    }
    return done(null, body)
  })
}

/** Parses a body. Returns the error instead of throwing it, because the content type parser passes it to `done`. */
export function parseBody(text: string): unknown {
  const json = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  try {
    return json.includes(`"${VERBATIM_FIELD}"`) ? keepWrittenDigits(json) : JSON.parse(json)
  } catch {
    return new ChatError('validation_failed', 'The body is not valid JSON.')
  }
}

function keepWrittenDigits(json: string): unknown {
  const body: unknown = JSON.parse(json)
  const bodyWithDigits = parseKeepingDigits(json)
  if (!isObject(body) || !isObject(bodyWithDigits) || !Object.hasOwn(body, VERBATIM_FIELD)) return body
  return { ...body, [VERBATIM_FIELD]: bodyWithDigits[VERBATIM_FIELD] }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

function isDeeperThan(value: unknown, levels: number): boolean {
  if (value === null || typeof value !== 'object' || value instanceof WrittenNumber) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1))
}
