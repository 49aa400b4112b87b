import { setTimeout } from 'node:timers/promises'
import type { Llm, LlmError, LlmPiece, LlmRequest } from '@engineer-chat/chat'
import { Agent, type Dispatcher, request } from 'undici'
import { failureOfConnection, failureOfStatus } from './failures.ts'
import { type CompletionStream, completionStream } from './openai-stream.ts'

export interface OpenAiOptions {
  /** Up to and without `/chat/completions`. */
  base_url: string
  api_key?: string | undefined
  model: string
  /** Not sent if left out: some models refuse every value but their own. */
  temperature?: number | undefined
  /** Added to each request; a null takes a field out that would be sent. */
  extra_body?: Record<string, unknown> | undefined
}

const CONNECT_TIMEOUT_MS = 10_000
/** A complete answer doesn't wait longer than this for its token counts, */
const USAGE_PATIENCE_MS = 1_000
/** nor, when it has them, for the end of the stream, after which the connection can be used again. */
const END_PATIENCE_MS = 50
const MAX_ERROR_BYTES = 64 * 1024

/** Any endpoint that speaks OpenAI's chat completions. Its time limit is the signal's; it never tries twice. */
export function openAiCompatible(options: OpenAiOptions): Llm {
  const url = `${options.base_url.replace(/\/+$/, '')}/chat/completions`
  // HTTP/1.1: a cut connection then ends one answer, not all that share it. Streams may be silent for as long as the signal lets them.
  const dispatcher = new Agent({
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: CONNECT_TIMEOUT_MS },
  })
  const headers = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    ...(options.api_key && { authorization: `Bearer ${options.api_key}` }),
  }

  async function open(body: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    try {
      return await request(url, { dispatcher, method: 'POST', headers, body, signal })
    } catch (error) {
      throw signal.aborted ? signal.reason : failureOfConnection(error, false)
    }
  }

  return {
    model: options.model,
    provider: 'openai-compatible',
    async *stream(asked, signal) {
      signal.throwIfAborted()
      const response = await open(bodyOf(options, asked), signal)
      response.body.on('error', () => {}) // it is read, or given up on purpose
      try {
        if (response.statusCode !== 200) throw await failureOf(response, signal)
        const stream = completionStream(options.model)
        yield* piecesOf(response.body, stream, signal)
        yield stream.finish()
      } finally {
        response.body.destroy()
      }
    },
  }
}

function bodyOf({ model, temperature, extra_body }: OpenAiOptions, { turns }: LlmRequest): string {
  const body = {
    model,
    messages: turns,
    stream_options: { include_usage: true },
    ...(temperature !== undefined && { temperature }),
    ...extra_body,
    stream: true, // always: some models refuse to think without
  }
  return JSON.stringify(Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)))
}

async function* piecesOf(
  body: AsyncIterable<Uint8Array>,
  stream: CompletionStream,
  signal: AbortSignal,
): AsyncGenerator<LlmPiece> {
  const chunks = body[Symbol.asyncIterator]()
  for (;;) {
    const chunk = await nextChunk(chunks, stream, signal)
    if (chunk === undefined) break
    yield* stream.push(chunk)
  }
  yield* stream.end()
}

/** Undefined at the end. Once the answer is complete, what goes wrong with the rest doesn't matter any more. */
async function nextChunk(chunks: AsyncIterator<Uint8Array>, stream: CompletionStream, signal: AbortSignal) {
  const patience = new AbortController()
  try {
    const next = chunks.next()
    const result = await (stream.finished ? Promise.race([next, runOut(stream, patience.signal)]) : next)
    return result?.done === false ? result.value : undefined
  } catch (error) {
    if (stream.finished) return undefined
    throw signal.aborted ? signal.reason : failureOfConnection(error, true)
  } finally {
    patience.abort()
  }
}

const runOut = ({ complete }: CompletionStream, signal: AbortSignal): Promise<undefined> =>
  setTimeout(complete ? END_PATIENCE_MS : USAGE_PATIENCE_MS, undefined, { signal }).catch(() => undefined)

async function failureOf(response: Dispatcher.ResponseData, signal: AbortSignal): Promise<LlmError> {
  const retryAfter = response.headers['retry-after']
  const kind = await errorKind(response.body)
  if (signal.aborted) throw signal.reason
  return failureOfStatus(response.statusCode, kind, typeof retryAfter === 'string' ? retryAfter : undefined)
}

/** The provider's own word for what went wrong, if its body has one. */
async function errorKind(body: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > MAX_ERROR_BYTES) return undefined
      chunks.push(chunk)
    }
    const { error } = JSON.parse(Buffer.concat(chunks).toString())
    return error?.code ?? error?.type
  } catch {
    return undefined
  }
}
