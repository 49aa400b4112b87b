import type { Llm, LlmRequest } from '@engineer-chat/chat/models'
import type { EgressSettings } from '../../egress/index.ts'
import { createStreamSender } from '../provider-stream.ts'
import { createCompletionStream } from './completion-stream.ts'

export interface OpenAiOptions {
  /** The URL does not include `/chat/completions`. */
  base_url: string
  api_key?: string | undefined
  model: string
  /** Undefined leaves the field out, because some models refuse every value but their own default. */
  temperature?: number | undefined
  max_tokens?: number | undefined
  /** These fields are added to each request. A null removes a field that would be sent otherwise. */
  extra_body?: Record<string, unknown> | undefined
  egress?: EgressSettings | undefined
}

/** Calls any endpoint that implements OpenAI's chat completions. */
export function createOpenAiLlm(options: OpenAiOptions): Llm {
  const url = `${options.base_url.replace(/\/+$/, '')}/chat/completions`
  const headers = options.api_key ? { authorization: `Bearer ${options.api_key}` } : undefined
  const send = createStreamSender(url, headers ?? {}, options.egress)
  return {
    model: options.model,
    provider: 'openai-compatible',
    stream: (request, signal) => send(toRequestBody(options, request), createCompletionStream(options.model), signal),
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
    stream: true, // Some models refuse to think without a stream.
  }
  return JSON.stringify(Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)))
}
