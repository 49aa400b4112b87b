import type { ErrorCode } from '@engineer-chat/protocol'

/** Holds the fields that some errors have besides their code and text. */
export interface ErrorExtras {
  /** Lists the fields of the request that are not valid. `path` is the JSON pointer of a field, such as `/message`. */
  errors?: Array<{ path: string; message: string }>
  /** Names the session that has no more rounds. `action` says what the client can do then. */
  session_id?: string
  action?: 'create_new_session'
  /** The caller may try again after this many seconds. */
  retry_after_seconds?: number
}

/**
 * This is the only error that verbs throw on purpose. Users read its `message`, which is `detail` or else the text of
 * the code. So `message` contains no host, no secret and no text of another exception.
 */
export class ChatError extends Error {
  readonly code: ErrorCode
  readonly extras: ErrorExtras

  constructor(code: ErrorCode, detail: string = DETAILS[code], extras: ErrorExtras = {}) {
    super(detail)
    this.name = 'ChatError'
    this.code = code
    this.extras = extras
  }
}

const DETAILS: Record<ErrorCode, string> = {
  validation_failed: 'The request is not valid.',
  unauthorized: 'Sign in to go on.',
  forbidden: 'You may not do this.',
  not_found: 'There is nothing here.',
  event_not_found: 'There is no such event.',
  session_not_found: 'There is no such session.',
  message_not_found: 'There is no such message.',
  user_not_found: 'There is no such user.',
  member_not_found: 'This user is no member of the event.',
  method_not_allowed: 'This route does not take that method.',
  event_exists: 'An event with this id exists already.',
  username_taken: 'A user with this name exists already.',
  last_admin: 'The last active admin can neither be deactivated nor lose the role.',
  weak_password:
    'This password is easy to guess: it is a common one, or little more than the name of the user or of the product.',
  wrong_password: 'Your own password is not right.',
  last_commander: 'The last commander can neither be removed nor get another role: make somebody else one first.',
  session_round_limit: 'This session has reached its round limit. Start a new one to go on.',
  session_visibility_mismatch: 'The session has another visibility than the one asked for.',
  message_private: 'Only you see this message. Share its session first.',
  message_pinned: 'This reply is pinned as evidence. Unpin it to ask again.',
  quote_private: 'Only you see the quoted message, and others will read this one. Share its session first.',
  quote_mismatch: 'The quoted text does not stand in that message.',
  document_not_found: 'There is no such document.',
  document_read_only: 'This document is a file in the folder of runbooks. Change it there.',
  version_conflict: 'Somebody changed this document in the meantime. Read it again.',
  idempotency_mismatch: 'This key was used for another request.',
  model_unknown: 'There is no such model.',
  tlp_forbids_model: 'This event is TLP:RED, and no model or endpoint that may read it can do this.',
  payload_too_large: 'The request is too large.',
  unsupported_media_type: 'Send application/json.',
  rate_limited: 'Too many requests. Wait a moment.',
  budget_exceeded: 'The budget for AI answers is used up.',
  voice_not_configured: 'Voice is not set up here.',
  voice_failed: 'The voice service could not do this. Try again, or type.',
  unavailable: 'The service is busy or being restarted. Nothing was lost; try again in a moment.',
  internal: 'Something went wrong on our side.',
}
