import { LlmError } from '@engineer-chat/chat/models'
import type { ReplyErrorCode } from '@engineer-chat/protocol'

/** An HTTP answer that is a failure. `kind` is the provider's own code for it, if it has one. */
export function toStatusError(status: number, kind?: unknown, retryAfter?: string): LlmError {
  const retry_after_ms = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, Date.now())
  return new LlmError(toErrorCode(status), `the endpoint answered ${status}${wordOf(kind)}`, {
    transient: status >= 500 || [408, 409, 429].includes(status),
    ...(retry_after_ms !== undefined && { retry_after_ms }),
  })
}

/** A provider's code for the log; what could be a text of its own is left out. */
export const wordOf = (kind: unknown): string =>
  typeof kind === 'string' && /^[\w.-]{1,64}$/.test(kind) ? ` (${kind})` : ''

/** The provider or its filter doesn't want to answer this question; the same call would end the same way. */
export const refusal = (): LlmError =>
  new LlmError('llm_rejected', 'the provider refused the answer', { transient: false })

/** No call offers tools; an answer that waits for one never comes. */
export const unofferedTool = (): LlmError =>
  new LlmError('llm_unavailable', 'the model called a tool, and none was offered', { transient: true })

/** A part of the answer is of a kind that this product doesn't know: without it the answer would say something else. */
export const unreadablePart = (kind?: unknown): LlmError =>
  new LlmError('llm_unavailable', `a part of the answer can't be read${wordOf(kind)}`, { transient: true })

export const notJson = (): LlmError =>
  new LlmError('llm_stream_cut', 'a piece of the stream is no JSON object', { transient: true })

export const unfinished = (): LlmError =>
  new LlmError('llm_stream_cut', 'the stream ended without a finish mark', { transient: true })

function toErrorCode(status: number): ReplyErrorCode {
  if (status === 408 || status === 504) return 'llm_timeout'
  if (status === 429) return 'llm_rate_limited'
  if (status === 401 || status === 403) return 'llm_unauthorized'
  return status >= 500 || status === 409 ? 'llm_unavailable' : 'llm_rejected'
}

/** No answer, or half of one. `begun`: the stream had started. */
export function toConnectionError(error: unknown, begun: boolean): LlmError {
  const code = getNetworkCode(error)
  const options = { transient: true, cause: error }
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return new LlmError('llm_timeout', `the connection timed out (${code})`, options)
  return begun
    ? new LlmError('llm_stream_cut', `the stream was cut (${code})`, options)
    : new LlmError('llm_unreachable', `the endpoint can't be reached (${code})`, options)
}

function getNetworkCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if (error instanceof AggregateError && error.errors.length > 0) return getNetworkCode(error.errors[0])
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/** Seconds, or a date; undefined for anything else. Never negative. */
function parseRetryAfter(value: string, now_ms: number): number | undefined {
  const text = value.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1_000)
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now_ms)
}
