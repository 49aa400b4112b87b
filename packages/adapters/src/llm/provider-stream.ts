import { LlmError, type LlmStreamPart } from '@engineer-chat/chat/models'
import type { Dispatcher } from 'undici'
import { createDispatcher, type EgressSettings, requestUntilAborted } from '../egress/index.ts'
import { decodeContent } from './decode-content.ts'
import { isUnpaidCode, toConnectionError, toStatusError } from './llm-errors.ts'
import type { PartBeforeFinish } from './think-tags.ts'

/**
 * Reads what one kind of provider streams. It is pure and turns bytes into stream parts.
 * @throws LlmError from `push` and `end`
 */
export interface StreamReader {
  /** Returns the stream parts of this chunk, up to the first failure. */
  push(chunk: Uint8Array): Iterable<PartBeforeFinish>
  /** Ends the stream and returns the text that was held back. */
  end(): Iterable<PartBeforeFinish>
  /** Returns the text that is held back while its meaning is undecided, for a stream that breaks off. */
  flush(): Iterable<PartBeforeFinish>
  /** True means that the provider has said why the answer ends, so its text is complete. */
  readonly hasFinishReason: boolean
  /** True means that nothing useful follows: the last event has arrived, or the finish reason and the token counts. */
  readonly isComplete: boolean
  /** Returns the last part of the stream. @throws LlmError llm_stream_cut without a finish reason */
  finish(): LlmStreamPart
}

/** The reader waits at most this long for the token counts of a complete answer. */
const USAGE_TIMEOUT_MS = 1_000
/**
 * After the token counts, the reader waits at most this long for the end of the stream, so that the connection can be
 * reused.
 */
const END_TIMEOUT_MS = 50
const MAX_ERROR_BYTES = 64 * 1024

export type SendForStream = (body: string, reader: StreamReader, signal: AbortSignal) => AsyncGenerator<LlmStreamPart>

/**
 * Creates a function that sends a request to a provider and reads the streamed answer. The signal sets the time limit.
 * A failed request is not repeated.
 */
export function createStreamSender(
  url: string,
  headers: Record<string, string>,
  egress: EgressSettings = {},
): SendForStream {
  // Only the signal ends a silent stream: 0 switches undici's own limits off.
  const dispatcher = createDispatcher(url, egress, { headersTimeout: 0, bodyTimeout: 0 })
  const allHeaders = { 'content-type': 'application/json', accept: 'text/event-stream', ...headers }

  async function open(body: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    try {
      return await requestUntilAborted(url, { dispatcher, method: 'POST', headers: allHeaders, body, signal })
    } catch (error) {
      throw signal.aborted ? signal.reason : toConnectionError(error, false)
    }
  }

  return async function* send(body, reader, signal) {
    signal.throwIfAborted()
    const response = await open(body, signal)
    response.body.on('error', () => {}) // The reader of the body gets a failure; after it stops, no failure matters.
    try {
      const bytes = decodeContent(response.body, response.headers['content-encoding'])
      if (response.statusCode !== 200) throw await toResponseError(response, bytes, signal)
      yield* readParts(bytes, reader, signal)
      yield reader.finish()
    } finally {
      response.body.destroy()
    }
  }
}

async function* readParts(
  body: AsyncIterable<Uint8Array>,
  reader: StreamReader,
  signal: AbortSignal,
): AsyncGenerator<LlmStreamPart> {
  const chunks = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const chunk = await readNextChunk(chunks, reader, signal)
      if (chunk === undefined) break
      yield* reader.push(chunk)
    }
    yield* reader.end()
  } catch (error) {
    yield* reader.flush()
    throw error
  }
}

/** Resolves to undefined at the stream's end. Once the finish reason has arrived, a failure counts as the end, too. */
async function readNextChunk(chunks: AsyncIterator<Uint8Array>, reader: StreamReader, signal: AbortSignal) {
  try {
    const next = chunks.next()
    const result = await (reader.hasFinishReason || reader.isComplete ? waitForRest(next, reader) : next)
    return result?.done === false ? result.value : undefined
  } catch (error) {
    if (reader.hasFinishReason) return undefined
    if (signal.aborted) throw signal.reason
    throw error instanceof LlmError ? error : toConnectionError(error, true)
  }
}

/** Waits for the next chunk after a finished answer, but only for a short time. Resolves to undefined after it. */
async function waitForRest<Next>(next: Promise<Next>, { isComplete }: StreamReader): Promise<Next | undefined> {
  const { promise: timedOut, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(resolve, isComplete ? END_TIMEOUT_MS : USAGE_TIMEOUT_MS, undefined)
  try {
    return await Promise.race([next, timedOut])
  } finally {
    clearTimeout(timer)
  }
}

async function toResponseError(
  response: Dispatcher.ResponseData,
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<LlmError> {
  const retryAfter = response.headers['retry-after']
  const providerCode = await readProviderCode(bytes)
  if (signal.aborted) throw signal.reason
  return toStatusError(response.statusCode, providerCode, typeof retryAfter === 'string' ? retryAfter : undefined)
}

/** Finds the provider's own code for the failure, if the body has one. A code that means a lack of credit comes first. */
async function readProviderCode(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let byteCount = 0
  try {
    for await (const chunk of body) {
      byteCount += chunk.length
      if (byteCount > MAX_ERROR_BYTES) return undefined
      chunks.push(chunk)
    }
    const { error, code, type } = JSON.parse(Buffer.concat(chunks).toString())
    const codes = [error?.code, error?.type, code, type].filter((value) => value !== undefined && value !== null)
    return codes.find(isUnpaidCode) ?? codes[0]
  } catch {
    return undefined
  }
}
