import type { LlmError } from '@engineer-chat/chat/models'
import { toStatusError } from './llm-errors.ts'
import { isObject, type JsonObject } from './parse-json.ts'

/**
 * Finds the failure in a JSON body or a chunk whose status was 200: an `error` (an object, a text, `true` or a status),
 * vLLM's `{"object": "error"}`, a failure's status without choices, or the data of an event that is named `error`.
 */
export function findError(body: JsonObject, eventName = ''): LlmError | undefined {
  const { error } = body
  if (isObject(error)) return Object.keys(error).length > 0 ? toResponseError([error, body]) : undefined
  const isErrorObject = body.object === 'error' || body.type === 'error' || eventName === 'error'
  const hasErrorValue = typeof error === 'string' ? error.trim() !== '' : error === true || isFailureStatus(error)
  const isFailureBody = !('choices' in body) && (isFailureStatus(body.code) || isFailureStatus(body.status))
  return isErrorObject || hasErrorValue || isFailureBody
    ? toResponseError([{ ...body, ...(isFailureStatus(error) && { status: error }) }])
    : undefined
}

const isFailureStatus = (value: unknown): value is number => typeof value === 'number' && value >= 400 && value < 600

/** Any of these fields may hold the status. If none is between 400 and 599, the provider's words decide. */
function toResponseError(sources: JsonObject[]): LlmError {
  const values = sources.flatMap(({ status, status_code, http_code, code, type, error_type }) => [
    status,
    status_code,
    http_code,
    code,
    type,
    error_type,
  ])
  const words = values.filter((value) => typeof value === 'string' && !/^\d*$/.test(value))
  const status = values.map(Number).find((value) => value >= 400 && value < 600)
  return toStatusError(status ?? words.map(findStatus).find((named) => named !== undefined) ?? 500, words[0])
}

/**
 * OpenAI, Anthropic, Google, DashScope and vLLM use these words for a status. They are compared in lower case without
 * `_`, `-` and `.`.
 */
const STATUS_WORDS: Record<number, readonly string[]> = {
  400: [
    ...['invalidrequesterror', 'badrequesterror', 'invalidargument', 'invalidparameter', 'contextlengthexceeded'],
    ...['contentfilter', 'contentpolicyviolation', 'datainspectionfailed', 'sensitive'],
  ],
  401: ['authenticationerror', 'invalidapikey', 'unauthenticated', 'unauthorized'],
  403: ['permissionerror', 'permissiondenied', 'accessdenied', 'forbidden'],
  404: ['notfounderror', 'notfound', 'modelnotfound'],
  413: ['requesttoolarge'],
  429: [
    ...['ratelimiterror', 'ratelimitexceeded', 'ratelimited', 'toomanyrequests', 'resourceexhausted', 'throttling'],
    ...[
      'insufficientquota',
      'quotaexceeded',
      'ratelimit',
      'limitrequests',
      'exceededcurrentquotaerror',
      'throttlingratequota',
      'throttlingallocationquota',
    ],
  ],
  503: ['overloaded', 'engineoverloadederror', 'serviceunavailable', 'unavailable'],
  504: ['timeouterror', 'timeout', 'deadlineexceeded'],
  529: ['overloadederror'],
}

const STATUS_BY_WORD = new Map(
  Object.entries(STATUS_WORDS).flatMap(([status, words]) => words.map((word) => [word, Number(status)])),
)

/**
 * Matches the rate-limit codes of Moonshot, Zhipu and gateways: `rate_limit_reached_error`,
 * `tokens_rate_limit_exceeded`.
 */
const RATE_LIMITED = /ratelimit|toomanyrequests|throttl/

function findStatus(word: unknown): number | undefined {
  if (typeof word !== 'string') return undefined
  const plain = word.toLowerCase().replace(/[-_.\s]/g, '')
  return STATUS_BY_WORD.get(plain) ?? (RATE_LIMITED.test(plain) ? 429 : undefined)
}
