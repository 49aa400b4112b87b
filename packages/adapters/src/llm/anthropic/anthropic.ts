import type { Llm, LlmRequest } from '@engineer-chat/chat/models'
import type { EgressSettings } from '../../egress/index.ts'
import { createStreamSender } from '../provider-stream.ts'
import { createMessageStream } from './message-stream.ts'

export interface AnthropicOptions {
  /** The URL does not include `/messages`. */
  base_url: string
  api_key?: string | undefined
  model: string
  temperature?: number | undefined
  /** The protocol requires a limit. */
  max_tokens: number
  /** These fields are added to each request. A null removes a field that would be sent otherwise. */
  extra_body?: Record<string, unknown> | undefined
  egress?: EgressSettings | undefined
}

const API_VERSION = '2023-06-01'

/** Calls any endpoint that implements Anthropic's Messages API. */
export function createAnthropicLlm(options: AnthropicOptions): Llm {
  const url = `${options.base_url.replace(/\/+$/, '')}/messages`
  const headers = { 'anthropic-version': API_VERSION, ...(options.api_key && { 'x-api-key': options.api_key }) }
  const send = createStreamSender(url, headers, options.egress)
  return {
    model: options.model,
    provider: 'anthropic',
    stream: (request, signal) => send(toRequestBody(options, request), createMessageStream(options.model), signal),
  }
}

/** The protocol takes the system's turns in a separate field, and the first of the other turns must be the user's. */
function toRequestBody(
  { model, temperature, max_tokens, extra_body }: AnthropicOptions,
  { turns }: LlmRequest,
): string {
  const body = {
    model,
    max_tokens,
    system: turns.flatMap(({ role, content }) => (role === 'system' ? content : [])).join('\n\n') || null,
    messages: turns.filter(({ role }) => role !== 'system'),
    ...(temperature !== undefined && { temperature }),
    ...extra_body,
    stream: true,
  }
  return JSON.stringify(Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)))
}
