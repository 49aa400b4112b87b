import { LlmError } from '@engineer-chat/chat/models'
import { createNotJsonError } from './llm-errors.ts'
import { parseObjects } from './parse-json.ts'
import type { StreamReader } from './provider-stream.ts'
import { createSseParser, createTooLargeError, isHeartbeat, MAX_EVENT_CHARACTERS } from './sse-parser.ts'
import type { TextPiece } from './think-tags.ts'

type Data = Record<string, unknown>

/** Reads the objects that one kind of provider sends. Every method may throw an LlmError. */
export interface AnswerReader extends Pick<StreamReader, 'isFinished' | 'isComplete' | 'flush' | 'finish'> {
  /** Reads one object of the stream, under the name of its event. */
  readChunk(data: Data, event: string): Iterable<TextPiece>
  /** Reads an answer that came as one JSON object although a stream was requested. */
  readWhole(data: Data): Iterable<TextPiece>
  /** Becomes true after `markDone` or the provider's last event. Later chunks are ignored. */
  readonly hasEnded: boolean
  /** The reader calls this after `[DONE]`. */
  markDone(): void
}

/**
 * Turns bytes into pieces, wherever the bytes are split. The first non-blank character decides whether the body is
 * JSON, a web page or a stream of events, whatever the content type says: a gateway's failure often has another type
 * than the body it replaces.
 */
export function createBodyReader(answer: AnswerReader): StreamReader {
  const decoder = new TextDecoder() // It drops a byte order mark and holds back half a character.
  const sse = createSseParser()
  let kind: 'unknown' | 'events' | 'json' = 'unknown'
  let json: string[] = []
  let size = 0

  function* feed(text: string): Generator<TextPiece> {
    const content = kind === 'unknown' ? text.trimStart() : text
    if (content === '') return
    if (kind === 'unknown') kind = detectBodyKind(content)
    if (kind === 'json') return bufferJson(content)
    for (const event of sse.push(content)) yield* readEvent(event)
  }

  function bufferJson(text: string): void {
    size += text.length
    if (size > MAX_EVENT_CHARACTERS) throw createTooLargeError()
    json.push(text)
  }

  function* readEvent(event: { event: string; data: string }): Generator<TextPiece> {
    if (answer.hasEnded || isHeartbeat(event)) return
    if (event.data.trim().toUpperCase() === '[DONE]') return answer.markDone()
    const objects = parseObjects(event.data)
    if (objects === undefined && answer.isFinished) return // The answer is complete, whatever comes after it.
    if (objects === undefined) throw createNotJsonError()
    for (const data of objects) yield* answer.readChunk(data, event.event)
  }

  function* readJson(): Generator<TextPiece> {
    const objects = parseObjects(json.join(''))
    json = []
    if (objects === undefined) throw createNotJsonError()
    for (const data of objects) yield* answer.readWhole(data)
  }

  return {
    push: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    *end() {
      yield* feed(decoder.decode())
      if (kind === 'json') yield* readJson()
      if (kind === 'events') for (const event of sse.end()) yield* readEvent(event)
      yield* answer.flush()
    },
    flush: () => answer.flush(),
    get isFinished() {
      return answer.isFinished
    },
    get isComplete() {
      return answer.isComplete
    },
    finish: () => answer.finish(),
  }
}

function detectBodyKind(text: string): 'events' | 'json' {
  if (text.startsWith('<')) throw createWebPageError()
  return text.startsWith('{') || text.startsWith('[') ? 'json' : 'events'
}

/** The failure is usually one of a proxy or gateway in front of the model. */
const createWebPageError = (): LlmError =>
  new LlmError('llm_unavailable', 'the endpoint answered with a web page', { transient: true })
