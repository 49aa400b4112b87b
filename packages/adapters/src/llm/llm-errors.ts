import { LlmError } from '@engineer-chat/chat/models'
import type { ReplyErrorCode } from '@engineer-chat/protocol'
import { findProxyRefusal } from '../egress/index.ts'

/** Converts an HTTP answer that is a failure. `providerCode` is the provider's own code for it. */
export function toStatusError(httpStatus: number, providerCode?: unknown, retryAfter?: string): LlmError {
  const isUnpaid = isUnpaidCode(providerCode)
  // With 429 it is not known whether credit or a quota per minute is used up. One more call may help, but no long wait.
  const mayRecover = isUnpaid && httpStatus === 429 && normalizeCode(String(providerCode)) === AMBIGUOUS_CODE
  const statusForCode = isUnpaid && !mayRecover ? PAYMENT_REQUIRED : httpStatus
  const retryAfterMs = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, Date.now())
  return new LlmError(toErrorCode(statusForCode), `the endpoint answered ${httpStatus}${formatCode(providerCode)}`, {
    transient: statusForCode >= 500 || [408, 409, 429].includes(statusForCode),
    status: isUnpaid ? PAYMENT_REQUIRED : httpStatus,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

const PAYMENT_REQUIRED = 402
/**
 * Providers answer 400, 403 or 429 with these codes to an account without credit. The error has the status 402 instead,
 * so that `isFromBusyModel` is false and no reply waits for credit.
 */
const UNPAID_CODES = [
  // OpenAI and Azure
  ...['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active'],
  'billing_error', // Anthropic
  'exceeded_current_quota_error', // Moonshot
  'Arrearage', // Alibaba Cloud
  'AccountOverdueError', // Volcengine
  '1113', // Zhipu
  'insufficient_user_quota', // One API and New API
].map(normalizeCode)
/** OpenAI's code for an account without credit. Alibaba Cloud also answers 429 with it to too many tokens per minute. */
const AMBIGUOUS_CODE = normalizeCode('insufficient_quota')

export const isUnpaidCode = (providerCode: unknown): boolean =>
  ['string', 'number'].includes(typeof providerCode) && UNPAID_CODES.includes(normalizeCode(String(providerCode)))

/** Returns the code in lower case and without `_`, `-`, `.` and blanks, because providers write it in several ways. */
export function normalizeCode(providerCode: string): string {
  return providerCode.toLowerCase().replace(/[-_.\s]/g, '')
}

/** Formats a provider's code for the log. Returns an empty text for anything that could be free text. */
export const formatCode = (code: unknown): string =>
  typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? ` (${code})` : ''

/** The provider or its filter refuses to answer this question; the same call would end the same way. */
export const createRefusalError = (): LlmError =>
  new LlmError('llm_rejected', 'the provider refused the answer', { transient: false })

/** Our calls offer no tools, so an answer that waits for a tool never comes. */
export const createUnofferedToolError = (): LlmError =>
  new LlmError('llm_unavailable', 'the model called a tool, and none was offered', { transient: true })

/** The product does not know a part of the answer, and without this part the answer would have another meaning. */
export const createUnreadablePartError = (partType?: unknown): LlmError =>
  new LlmError('llm_unavailable', `a part of the answer can't be read${formatCode(partType)}`, { transient: true })

export const createNotJsonError = (): LlmError =>
  new LlmError('llm_stream_cut', 'a piece of the stream is no JSON object', { transient: true })

export const createNoFinishReasonError = (): LlmError =>
  new LlmError('llm_stream_cut', 'the stream ended without a finish reason', { transient: true })

function toErrorCode(status: number): ReplyErrorCode {
  if (status === 408 || status === 504) return 'llm_timeout'
  if (status === 429) return 'llm_rate_limited'
  if (status === 401 || status === PAYMENT_REQUIRED || status === 403) return 'llm_unauthorized'
  return status >= 500 || status === 409 ? 'llm_unavailable' : 'llm_rejected'
}

/** Converts a failure of the connection. `hasBegun` is true if the stream had started. */
export function toConnectionError(error: unknown, hasBegun: boolean): LlmError {
  const code = getNetworkCode(error)
  const options = { transient: true, cause: error }
  const refusal = findProxyRefusal(error)
  if (refusal !== undefined) return new LlmError('llm_unreachable', `the proxy answered ${refusal}`, options)
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return new LlmError('llm_timeout', `the connection timed out (${code})`, options)
  return hasBegun
    ? new LlmError('llm_stream_cut', `the stream was cut (${code})`, options)
    : new LlmError('llm_unreachable', `the endpoint can't be reached (${code})`, options)
}

function getNetworkCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if (error instanceof AggregateError && error.errors.length > 0) return getNetworkCode(error.errors[0])
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/** Reads seconds or a date. Returns undefined for anything else, and never a negative number. */
function parseRetryAfter(value: string, nowMs: number): number | undefined {
  const text = value.trim()
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1_000)
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
