import { LlmError } from '@engineer-chat/chat/models'
import { createNotJsonError } from './llm-errors.ts'
import { type JsonObject, parseObjects } from './parse-json.ts'
import type { StreamReader } from './provider-stream.ts'
import { createSseParser, createTooLargeError, isHeartbeat, MAX_EVENT_CHARACTERS } from './sse-parser.ts'
import type { PartBeforeFinish } from './think-tags.ts'

/** Reads the objects that one kind of provider sends. Every method may throw an LlmError. */
export interface AnswerReader extends Pick<StreamReader, 'hasFinishReason' | 'isComplete' | 'flush' | 'finish'> {
  /** Reads one object of the stream. `eventName` is empty if the event has no name. */
  readChunk(data: JsonObject, eventName: string): Iterable<PartBeforeFinish>
  /** Reads an answer that came as one JSON object although a stream was requested. */
  readWholeAnswer(data: JsonObject): Iterable<PartBeforeFinish>
  /** Becomes true with `[DONE]` or the provider's last event. Any later event is ignored. */
  readonly hasReadLastEvent: boolean
  /** Is called when the stream sends `[DONE]`. */
  markDone(): void
}

/**
 * Turns bytes into stream parts, wherever the bytes are split. The first non-blank character decides whether the body
 * is JSON, a web page or a stream of events, whatever the content type says: a gateway's failure often has another
 * type than the body it replaces.
 */
export function createBodyReader(answer: AnswerReader): StreamReader {
  const decoder = new TextDecoder() // It drops a byte order mark and holds back half a character.
  const sse = createSseParser()
  let bodyKind: 'unknown' | 'events' | 'json' = 'unknown'
  let jsonChunks: string[] = []
  let jsonCharacters = 0

  function* feed(text: string): Generator<PartBeforeFinish> {
    const content = bodyKind === 'unknown' ? text.trimStart() : text
    if (content === '') return
    if (bodyKind === 'unknown') bodyKind = detectBodyKind(content)
    if (bodyKind === 'json') return bufferJson(content)
    for (const event of sse.push(content)) yield* readEvent(event)
  }

  function bufferJson(text: string): void {
    jsonCharacters += text.length
    if (jsonCharacters > MAX_EVENT_CHARACTERS) throw createTooLargeError()
    jsonChunks.push(text)
  }

  function* readEvent(event: { event: string; data: string }): Generator<PartBeforeFinish> {
    if (answer.hasReadLastEvent || isHeartbeat(event)) return
    if (event.data.trim().toUpperCase() === '[DONE]') return answer.markDone()
    const objects = parseObjects(event.data)
    if (objects === undefined && answer.hasFinishReason) return // The answer is complete, whatever comes after it.
    if (objects === undefined) throw createNotJsonError()
    for (const data of objects) yield* answer.readChunk(data, event.event)
  }

  function* readJson(): Generator<PartBeforeFinish> {
    const objects = parseObjects(jsonChunks.join(''))
    jsonChunks = []
    if (objects === undefined) throw createNotJsonError()
    for (const data of objects) yield* answer.readWholeAnswer(data)
  }

  return {
    push: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    *end() {
      yield* feed(decoder.decode())
      if (bodyKind === 'json') yield* readJson()
      if (bodyKind === 'events') for (const event of sse.end()) yield* readEvent(event)
      yield* answer.flush()
    },
    flush: () => answer.flush(),
    get hasFinishReason() {
      return answer.hasFinishReason
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

/** A web page usually comes from a proxy or gateway in front of the model. */
const createWebPageError = (): LlmError =>
  new LlmError('llm_unavailable', 'the endpoint answered with a web page', { transient: true })
