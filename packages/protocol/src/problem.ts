import { type Static, Type } from 'typebox'
import { SessionId } from './scalars.ts'

/**
 * An HTTP response that reports an error has one of these codes. They are stable; a new one needs an HTTP status in the
 * API. `FrameErrorCode` lists the codes of error frames.
 */
export const ERROR_CODES = [
  'validation_failed',
  'unauthorized',
  'forbidden',
  'not_found',
  'event_not_found',
  'session_not_found',
  'message_not_found',
  'user_not_found',
  'member_not_found',
  'method_not_allowed',
  'event_exists',
  'username_taken',
  'last_admin',
  'weak_password',
  'wrong_password',
  'last_commander',
  'session_round_limit',
  'session_visibility_mismatch',
  'idempotency_mismatch',
  'message_private',
  'message_pinned',
  'quote_private',
  'quote_mismatch',
  'document_not_found',
  'document_read_only',
  'version_conflict',
  'model_unknown',
  'tlp_forbids_model',
  'payload_too_large',
  'unsupported_media_type',
  'rate_limited',
  'budget_exceeded',
  'voice_not_configured',
  'voice_failed',
  'unavailable',
  'internal',
] as const
export const ErrorCode = Type.Enum(ERROR_CODES)
export type ErrorCode = Static<typeof ErrorCode>

/** Follows RFC 9457, `application/problem+json`. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: ErrorCode,
    request_id: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
    session_id: Type.Optional(SessionId),
    action: Type.Optional(Type.Literal('create_new_session')),
  },
  { $id: 'Problem' },
)
export type Problem = Static<typeof Problem>

/** Asks for one page of a list. */
export const CursorQuery = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 256 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
})
export type CursorQuery = Static<typeof CursorQuery>
