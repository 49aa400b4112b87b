import { ChatError, type Log } from '@engineer-chat/chat/shared'
import type { ErrorCode, Problem } from '@engineer-chat/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { findSpan } from './trace-requests.ts'

const STATUS: Record<ErrorCode, number> = {
  validation_failed: 400,
  weak_password: 400,
  unauthorized: 401,
  forbidden: 403,
  wrong_password: 403,
  not_found: 404,
  event_not_found: 404,
  session_not_found: 404,
  message_not_found: 404,
  user_not_found: 404,
  member_not_found: 404,
  document_not_found: 404,
  method_not_allowed: 405,
  event_exists: 409,
  username_taken: 409,
  last_admin: 409,
  last_commander: 409,
  session_round_limit: 409,
  session_visibility_mismatch: 409,
  message_private: 409,
  message_pinned: 409,
  quote_private: 409,
  document_read_only: 409,
  version_conflict: 409,
  quote_mismatch: 422,
  payload_too_large: 413,
  unsupported_media_type: 415,
  idempotency_mismatch: 422,
  model_unknown: 400,
  tlp_forbids_model: 409,
  rate_limited: 429,
  budget_exceeded: 429,
  internal: 500,
  voice_not_configured: 501,
  voice_failed: 502,
  unavailable: 503,
}

/** Holds the `Retry-After` of errors that set no other time, in seconds. */
const RETRY_AFTER_SECONDS: Partial<Record<ErrorCode, number>> = {
  unavailable: 1,
  rate_limited: 60,
  budget_exceeded: 3_600,
}

/** Converts any thrown value to a `ChatError`, which never contains the text of an unexpected error. */
export function toChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error
  const [code, statusCode] = [readField(error, 'code'), readField(error, 'statusCode')]
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new ChatError('payload_too_large')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new ChatError('unsupported_media_type')
  if (typeof code === 'string' && code.startsWith('FST_ERR_CTP_')) {
    return new ChatError('validation_failed', 'The body is not valid JSON.')
  }
  if (typeof code === 'string' && /^(FAST|FST)_JWT_/.test(code)) return new ChatError('unauthorized')
  if (statusCode === 404) return new ChatError('not_found')
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) return new ChatError('validation_failed')
  return new ChatError('internal')
}

const readField = (error: unknown, name: string): unknown =>
  error !== null && typeof error === 'object' ? Reflect.get(error, name) : undefined

export function toProblem({ code, message, extras }: ChatError, request_id: string): Problem {
  const { errors, session_id, action } = extras
  return {
    type: `urn:engineer-chat:problem:${code}`,
    title: `${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll('_', ' ')}`,
    status: STATUS[code],
    detail: message,
    code,
    request_id,
    ...(errors && { errors }),
    ...(session_id !== undefined && { session_id }),
    ...(action !== undefined && { action }),
  }
}

export function sendProblem(reply: FastifyReply, error: ChatError): FastifyReply {
  const retryAfterSeconds = error.extras.retry_after_seconds ?? RETRY_AFTER_SECONDS[error.code]
  if (retryAfterSeconds !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(retryAfterSeconds)))
  if (error.code === 'unauthorized') reply.header('www-authenticate', 'Bearer')
  // Fastify would close the connection after it has refused a body. The rest of the body would then reset it, and a
  // proxy would respond with 502 and count the node as failed. Now the rest is received and discarded.
  reply.removeHeader('connection')
  return reply
    .code(STATUS[error.code])
    .type('application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(toProblem(error, reply.request.id))
}

export function createErrorHandler(log: Log) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = toChatError(thrown)
    const { id: request_id, method } = request
    const trace_id = findSpan(request)?.traceId
    const fields = { request_id, trace_id, method, route: request.routeOptions.url, code: error.code }
    if (error.code === 'internal') log.error('EngineerChat.request_failed', fields, thrown)
    else if (error.code === 'voice_failed') log.error('EngineerChat.voice_failed', fields, error.cause)
    else if (error.code === 'unavailable') log.warn('EngineerChat.request_unavailable', fields, error.cause)
    return sendProblem(reply, error)
  }
}
