import { LlmError } from '@engineer-chat/chat'
import type { Usage } from '@engineer-chat/protocol'
import { failureOfStatus } from './failures.ts'
import { isCount, isObject, parseObject } from './json.ts'
import type { StreamReader } from './provider-stream.ts'
import { sseParser } from './sse.ts'
import { type Spoken, thinkTags } from './think-tags.ts'

/** A stream of chat completion chunks; complete once `[DONE]` was read, or usage after the finish. */
export function completionStream(askedModel: string): StreamReader {
  const sse = sseParser()
  const tags = thinkTags()
  let model = askedModel
  let reason: 'stop' | 'length' | undefined
  let usage: Usage | null = null
  let done = false

  function read(data: string): Spoken[] {
    if (data.trim() === '[DONE]') {
      done = true
      return []
    }
    const chunk = parseObject(data)
    if (chunk === undefined && reason !== undefined) return [] // the answer is complete, whatever comes after it
    if (chunk === undefined)
      throw new LlmError('llm_stream_cut', 'a piece of the stream is no JSON object', { transient: true })
    if (isObject(chunk.error)) throw failureInStream(chunk.error)
    if (typeof chunk.model === 'string' && chunk.model !== '') model = chunk.model
    usage = usageOf(chunk.usage) ?? usage
    const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined
    if (!isObject(choice)) return []
    if (typeof choice.finish_reason === 'string') reason = reasonOf(choice.finish_reason)
    return isObject(choice.delta) ? spoken(choice.delta) : []
  }

  function spoken(delta: Record<string, unknown>): Spoken[] {
    const thought = delta.reasoning_content ?? delta.reasoning
    const out: Spoken[] = typeof thought === 'string' && thought !== '' ? [{ type: 'reasoning', text: thought }] : []
    return typeof delta.content === 'string' ? [...out, ...tags.push(delta.content)] : out
  }

  return {
    push: (chunk) => sse.push(chunk).flatMap(({ data }) => read(data)),
    end: () => [...sse.end().flatMap(({ data }) => read(data)), ...tags.end()],
    get finished() {
      return reason !== undefined
    },
    get complete() {
      return done || (reason !== undefined && usage !== null)
    },
    finish() {
      if (reason === undefined) {
        throw new LlmError('llm_stream_cut', 'the stream ended without a finish mark', { transient: true })
      }
      return { type: 'finish', reason, usage, model }
    },
  }
}

/** Some providers fail after their 200. */
function failureInStream(error: Record<string, unknown>): LlmError {
  const status = Number(error.status ?? error.code)
  return failureOfStatus(status >= 400 && status < 600 ? status : 500, error.type ?? error.code)
}

function reasonOf(text: string): 'stop' | 'length' {
  if (text === 'content_filter')
    throw new LlmError('llm_rejected', "the provider's filter stopped the answer", { transient: false })
  if (text === 'insufficient_system_resource') throw failureOfStatus(503, text)
  return text === 'length' ? 'length' : 'stop'
}

function usageOf(usage: unknown): Usage | null {
  if (!isObject(usage)) return null
  const { prompt_tokens, completion_tokens } = usage
  return isCount(prompt_tokens) && isCount(completion_tokens) ? { prompt_tokens, completion_tokens } : null
}
