import type { Llm, LlmRequest } from '@engineer-chat/chat/models'
import { createStreamingPost } from '../provider-stream.ts'
import { createCompletionStream } from './completion-stream.ts'

export interface OpenAiOptions {
  /** Up to and without `/chat/completions`. */
  base_url: string
  api_key?: string | undefined
  model: string
  /** Not sent if left out: some models refuse every value but their own. */
  temperature?: number | undefined
  max_tokens?: number | undefined
  /** Added to each request; a null takes a field out that would be sent. */
  extra_body?: Record<string, unknown> | undefined
}

/** Any endpoint that speaks OpenAI's chat completions. */
export function createOpenAiLlm(options: OpenAiOptions): Llm {
  const url = `${options.base_url.replace(/\/+$/, '')}/chat/completions`
  const post = createStreamingPost(url, options.api_key ? { authorization: `Bearer ${options.api_key}` } : {})
  return {
    model: options.model,
    provider: 'openai-compatible',
    stream: (asked, signal) => post(toRequestBody(options, asked), createCompletionStream(options.model), signal),
  }
}

function toRequestBody({ model, temperature, max_tokens, extra_body }: OpenAiOptions, { turns }: LlmRequest): string {
  const body = {
    model,
    messages: turns,
    stream_options: { include_usage: true },
    ...(temperature !== undefined && { temperature }),
    ...(max_tokens !== undefined && { max_tokens }),
    ...extra_body,
    stream: true, // always: some models refuse to think without
  }
  return JSON.stringify(Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)))
}
