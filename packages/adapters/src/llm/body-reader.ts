import { LlmError } from '@engineer-chat/chat/models'
import { notJson } from './llm-errors.ts'
import { parseObjects } from './parse-json.ts'
import type { StreamReader } from './provider-stream.ts'
import { createSseParser, isHeartbeat, MAX_EVENT_CHARACTERS, tooLarge } from './sse-parser.ts'
import type { SpokenText } from './think-tags.ts'

type Data = Record<string, unknown>

/** Reads the objects that one kind of provider sends. Every method may throw an LlmError. */
export interface AnswerReader extends Pick<StreamReader, 'finished' | 'complete' | 'held' | 'finish'> {
  /** Reads one object of the stream, under the name of its event. */
  chunk(data: Data, event: string): Iterable<SpokenText>
  /** Reads an answer that came as one JSON object although a stream was requested. */
  whole(data: Data): Iterable<SpokenText>
  /** Is set by `done` or by the provider's own last event. Nothing that follows counts. */
  readonly ended: boolean
  /** Is called after `[DONE]`. */
  done(): void
}

/**
 * Turns bytes into pieces, wherever the bytes are split. The first non-blank character decides whether the body is JSON, a
 * web page or a stream of events, whatever the content type says: a gateway's failure often has another type than the body
 * it replaces.
 */
export function createBodyReader(answer: AnswerReader): StreamReader {
  const decoder = new TextDecoder() // It drops a byte order mark and holds back half a character.
  const sse = createSseParser()
  let kind: 'unknown' | 'events' | 'json' = 'unknown'
  let json: string[] = []
  let size = 0

  function* feed(text: string): Generator<SpokenText> {
    const begun = kind === 'unknown' ? text.trimStart() : text
    if (begun === '') return
    if (kind === 'unknown') kind = detectBodyKind(begun)
    if (kind === 'json') return keep(begun)
    for (const event of sse.push(begun)) yield* read(event)
  }

  function keep(text: string): void {
    size += text.length
    if (size > MAX_EVENT_CHARACTERS) throw tooLarge()
    json.push(text)
  }

  function* read(event: { event: string; data: string }): Generator<SpokenText> {
    if (answer.ended || isHeartbeat(event)) return
    if (event.data.trim().toUpperCase() === '[DONE]') return answer.done()
    const objects = parseObjects(event.data)
    if (objects === undefined && answer.finished) return // The answer is complete, whatever comes after it.
    if (objects === undefined) throw notJson()
    for (const data of objects) yield* answer.chunk(data, event.event)
  }

  function* readJson(): Generator<SpokenText> {
    const objects = parseObjects(json.join(''))
    json = []
    if (objects === undefined) throw notJson()
    for (const data of objects) yield* answer.whole(data)
  }

  return {
    push: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    *end() {
      yield* feed(decoder.decode())
      if (kind === 'json') yield* readJson()
      if (kind === 'events') for (const event of sse.end()) yield* read(event)
      yield* answer.held()
    },
    held: () => answer.held(),
    get finished() {
      return answer.finished
    },
    get complete() {
      return answer.complete
    },
    finish: () => answer.finish(),
  }
}

function detectBodyKind(text: string): 'events' | 'json' {
  if (text.startsWith('<')) throw webPage()
  return text.startsWith('{') || text.startsWith('[') ? 'json' : 'events'
}

/** The failure is usually one of a proxy or gateway in front of the model. */
const webPage = (): LlmError =>
  new LlmError('llm_unavailable', 'the endpoint answered with a web page', { transient: true })
