import type { ExpectedEnd, StreamCase, Write } from './case.ts'

export const TEXT = 'Isolate web-3.'
/** The reply ends as an answer, after one call. */
export const CHAT: ExpectedEnd = { ends_as: 'chat', content: TEXT, calls: 1 }
export const EVENT_STREAM = { 'content-type': 'text/event-stream' }
export const JSON_TYPE = { 'content-type': 'application/json' }

/** A failure that is transient is called twice, any other one once. */
export const createFailure = (code: string, calls: 1 | 2): ExpectedEnd => ({ ends_as: 'error', code, calls })
export const UNAVAILABLE = createFailure('llm_unavailable', 2)
export const CUT = createFailure('llm_stream_cut', 2)
export const REFUSED = createFailure('llm_rejected', 1)
/** The name of a case is a part of its URL. */
const toName = (text: string): string => text.replace(/\W+/g, '_')

export const createEvent = (data: unknown, name?: string): string =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
export const createChunk = (delta: object, finish_reason: unknown = null, fields: object = {}): string =>
  createEvent({ object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta, finish_reason }], ...fields })
export const createTextChunk = (content: unknown): string => createChunk({ content })
export const DONE = createEvent('[DONE]')
export const createEnd = (reason: unknown = 'stop'): string => createChunk({}, reason) + DONE

export function createOpenAiCase(
  name: string,
  writes: Array<string | Write>,
  expected: ExpectedEnd,
  headers: Record<string, string> = EVENT_STREAM,
): StreamCase {
  const allWrites: Write[] = [
    ...writes.map((write) => (typeof write === 'string' ? { text: write } : write)),
    { end: true },
  ]
  return {
    name: toName(name),
    provider: 'openai-compatible',
    seen_at: name,
    response: { status: 200, headers, writes: allWrites },
    expected,
  }
}

export const createAnthropicCase = (...args: Parameters<typeof createOpenAiCase>): StreamCase => ({
  ...createOpenAiCase(...args),
  provider: 'anthropic',
})
