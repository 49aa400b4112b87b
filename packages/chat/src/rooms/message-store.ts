import type { MessageCategory, MessageContent, Visibility } from '@engineer-chat/protocol'
import type { Spend } from '../budgets/index.ts'
import type { Audience, AuditContext, ReplyRef, RoomChange, StoredMessage } from '../shared/index.ts'

export interface AskCommand {
  event_id: string
  user_id: string
  /** The text is trimmed and well formed. */
  text: string
  client_message_id: string | null
  /** Of everything that makes the request what it is; another body under the same key is refused by it. */
  request_hash: string
  session_id: string | null
  visibility: Visibility | null
  model: string | null
  max_rounds: number
  /** What its first call may take at most; it is held with the question, or the question is refused. Left out: nothing. */
  reservation?: Spend
  /** Made before the transaction, so that a COMMIT of unknown outcome can be looked up. */
  question_id: string
  reply_id: string
  new_session_id: string
  /** With it, the question leaves a line in the audit, in the same transaction. */
  auditContext?: AuditContext
}

export interface AskResult {
  session_id: string
  /** Which round of the session this question is, from 1. */
  round: number
  summary_updated: boolean
  question: StoredMessage
  reply: StoredMessage
  /** Null means a repeated request: nothing was stored, so nothing is published. */
  change: RoomChange | null
  /** The reply's job, if it is its session's earliest unfinished one. */
  job: ReplyRef | null
}

export interface PostCommand {
  message_id: string
  event_id: string
  user_id: string
  category: Exclude<MessageCategory, 'engineer_chat'>
  message_from: string
  message_type: string
  content: MessageContent
  round_id: number | null
  audience: Audience
  /** The poster's own key, and what it stands for: the same key with another hash is refused. */
  key?: { client_message_id: string; request_hash: string }
}

/** What changed a room, and what came out of it. `change` is null when there was nothing to do. */
export interface MessageChangeResult {
  row: StoredMessage
  change: RoomChange | null
  job: ReplyRef | null
}

/**
 * Writes what people and agents say. Every method is one transaction that locks room, session and message in this
 * order, takes the room's next numbers and writes the rows: commit order is sequence order.
 */
export interface MessageStore {
  /**
   * Stores the question and its reply's `thinking` row, in the named, the active or a new session, and spends a round.
   * Idempotent by (user_id, client_message_id), before every limit.
   * @throws ChatError event_not_found, session_not_found (also another's), session_round_limit (with session_id),
   * session_visibility_mismatch, idempotency_mismatch, budget_exceeded, unavailable.
   */
  ask(ask: AskCommand): Promise<AskResult>
  /** What an earlier `ask` with this key stored, as it is now. @throws ChatError idempotency_mismatch */
  findAskResult(user_id: string, client_message_id: string, request_hash: string): Promise<AskResult | undefined>
  /** Idempotent by its key, if it has one. @throws ChatError event_not_found, idempotency_mismatch */
  post(post: PostCommand): Promise<MessageChangeResult>
  /** A reply to one of the user's own questions, as it is now: whose event and session it belongs to. */
  findOwnReply(user_id: string, message_id: string): Promise<StoredMessage | undefined>
  /**
   * Of the owner's own reply: unclaimed, it ends here; claimed, it is marked for its worker (row unchanged, no change);
   * finished, it is answered as it is. @throws ChatError message_not_found
   */
  cancel(user_id: string, message_id: string): Promise<MessageChangeResult & { claimed: boolean }>
  /**
   * Puts the owner's finished reply back to `thinking`: old text kept as a version, tries from zero, attempt raised.
   * One in progress is answered as it is. `hold` gives what is held, by the model that the question asked for.
   * @throws ChatError message_not_found, message_pinned, budget_exceeded
   */
  retry(user_id: string, message_id: string, hold?: (asked: string | null) => Spend): Promise<MessageChangeResult>
  /** Every row of the owner's session becomes visible to people in the room, each with a new seq, in order. */
  share(user_id: string, session_id: string): Promise<{ change: RoomChange | null }>
  /** @throws ChatError message_not_found unless it is a finished reply of the user's own session */
  storeFeedback(
    user_id: string,
    message_id: string,
    rating: 'up' | 'down',
    comment: string | null,
  ): Promise<{ updated_at: string }>
}
