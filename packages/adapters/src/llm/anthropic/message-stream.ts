import { LlmError } from '@engineer-chat/chat'
import type { Usage } from '@engineer-chat/protocol'
import { failureOfStatus } from '../failures.ts'
import { isCount, isObject, parseObject } from '../json.ts'
import type { StreamReader } from '../provider-stream.ts'
import { sseParser } from '../sse.ts'
import type { Spoken } from '../think-tags.ts'

type Data = Record<string, unknown>

/** The typed events of a streamed message; complete with `message_stop`. What is of an unknown type is passed over. */
export function messageStream(askedModel: string): StreamReader {
  const sse = sseParser()
  let model = askedModel
  let reason: 'stop' | 'length' | undefined
  let isStopped = false
  const counted: { prompt: number | null; completion: number | null } = { prompt: null, completion: null }

  function count(usage: unknown): void {
    if (!isObject(usage)) return
    counted.prompt = promptTokens(usage) ?? counted.prompt
    if (isCount(usage.output_tokens)) counted.completion = usage.output_tokens
  }

  const on: Record<string, (data: Data) => Spoken[]> = {
    message_start({ message }) {
      if (!isObject(message)) return []
      if (typeof message.model === 'string' && message.model !== '') model = message.model
      count(message.usage)
      return []
    },
    content_block_start: ({ content_block }) => spoken(content_block),
    content_block_delta: ({ delta }) => spoken(delta),
    message_delta({ delta, usage }) {
      count(usage)
      if (isObject(delta) && typeof delta.stop_reason === 'string') reason = reasonOf(delta.stop_reason)
      return []
    },
    message_stop() {
      isStopped = true
      return []
    },
    error({ error }) {
      throw failureInStream(isObject(error) ? error.type : undefined)
    },
  }

  function read(event: string, text: string): Spoken[] {
    const data = parseObject(text)
    if (data === undefined && reason !== undefined) return [] // the answer is complete, whatever comes after it
    if (data === undefined)
      throw new LlmError('llm_stream_cut', 'a piece of the stream is no JSON object', { transient: true })
    const type = typeof data.type === 'string' ? data.type : event
    return Object.hasOwn(on, type) ? (on[type]?.(data) ?? []) : []
  }

  return {
    push: (chunk) => sse.push(chunk).flatMap(({ event, data }) => read(event, data)),
    end: () => sse.end().flatMap(({ event, data }) => read(event, data)),
    get finished() {
      return reason !== undefined
    },
    get complete() {
      return isStopped
    },
    finish() {
      if (reason === undefined) {
        throw new LlmError('llm_stream_cut', 'the stream ended without a finish mark', { transient: true })
      }
      return { type: 'finish', reason, usage: usageOf(counted), model }
    },
  }
}

/** A block begins with nothing as a rule, and with its text now and then. */
function spoken(piece: unknown): Spoken[] {
  if (!isObject(piece)) return []
  const { text, thinking } = piece
  if (typeof thinking === 'string' && thinking !== '') return [{ type: 'reasoning', text: thinking }]
  return typeof text === 'string' && text !== '' ? [{ type: 'text', text }] : []
}

/** What was read from a cache, or put into it, is a part of the prompt and counted apart. */
function promptTokens(usage: Data): number | null {
  const { input_tokens, cache_creation_input_tokens: put = 0, cache_read_input_tokens: read = 0 } = usage
  if (!isCount(input_tokens)) return null
  return input_tokens + (isCount(put) ? put : 0) + (isCount(read) ? read : 0)
}

const usageOf = ({ prompt, completion }: { prompt: number | null; completion: number | null }): Usage | null =>
  prompt === null || completion === null ? null : { prompt_tokens: prompt, completion_tokens: completion }

function reasonOf(text: string): 'stop' | 'length' {
  if (text === 'refusal') throw new LlmError('llm_rejected', 'the provider refused the answer', { transient: false })
  return text === 'max_tokens' || text === 'model_context_window_exceeded' ? 'length' : 'stop'
}

const STATUS: Record<string, number> = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
}

/** It failed after its 200, in the words of its HTTP errors. */
function failureInStream(type: unknown): LlmError {
  const status = typeof type === 'string' && Object.hasOwn(STATUS, type) ? STATUS[type] : undefined
  return failureOfStatus(status ?? 500, type)
}
