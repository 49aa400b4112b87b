import type { LlmError } from '@engineer-chat/chat/models'
import { isUnpaidCode, normalizeCode, toStatusError } from './llm-errors.ts'
import { isObject, type JsonObject } from './parse-json.ts'

/**
 * Finds the failure in a JSON body or a chunk whose status was 200: an `error` (an object, a text, `true` or a status),
 * vLLM's `{"object": "error"}`, a `code` or `status` from 400 to 599 in a body that has no field `choices`, or the data
 * of an event that is named `error`.
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

/** Finds the status in any field that may hold it. If none is between 400 and 599, the provider's error code decides. */
function toResponseError(objects: JsonObject[]): LlmError {
  const values = objects.flatMap(({ status, status_code, http_code, code, type, error_type }) => [
    status,
    status_code,
    http_code,
    code,
    type,
    error_type,
  ])
  const codes = values.filter((value) => typeof value === 'string' && !/^\d*$/.test(value))
  const status = values.map(Number).find((value) => value >= 400 && value < 600)
  const providerCode = values.find(isUnpaidCode) ?? codes[0]
  return toStatusError(status ?? codes.map(findStatus).find((found) => found !== undefined) ?? 500, providerCode)
}

/** Lists the error codes of OpenAI, Anthropic, Google, DashScope and vLLM that mean a status, after `normalizeCode`. */
const CODES_BY_STATUS: Record<number, readonly string[]> = {
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
    ...['quotaexceeded', 'ratelimit', 'limitrequests', 'throttlingratequota', 'throttlingallocationquota'],
  ],
  503: ['overloaded', 'engineoverloadederror', 'serviceunavailable', 'unavailable'],
  504: ['timeouterror', 'timeout', 'deadlineexceeded'],
  529: ['overloadederror'],
}

const STATUS_BY_CODE = new Map(
  Object.entries(CODES_BY_STATUS).flatMap(([status, codes]) => codes.map((code) => [code, Number(status)])),
)

/**
 * Matches further rate-limit codes after `normalizeCode`, such as `rate_limit_reached_error` and
 * `tokens_rate_limit_exceeded` of Moonshot, Zhipu and gateways.
 */
const RATE_LIMITED = /ratelimit|toomanyrequests|throttl/

function findStatus(code: unknown): number | undefined {
  if (typeof code !== 'string') return undefined
  const normalizedCode = normalizeCode(code)
  return STATUS_BY_CODE.get(normalizedCode) ?? (RATE_LIMITED.test(normalizedCode) ? 429 : undefined)
}
