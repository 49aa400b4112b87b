import type { MessageCategory, MessageContent, Tlp, Visibility } from '@engineer-chat/protocol'
import type { Spend } from '../budgets/index.ts'
import type { Audience, AuditContext, ReplyRef, RoomChange, StoredMessage } from '../shared/index.ts'
import type { FoundQuote } from './quotes/find-quote.ts'

/** Holds a question to be stored, and the ids and limits that its transaction needs. */
export interface NewQuestion {
  event_id: string
  user_id: string
  /** The text is trimmed and well formed. */
  text: string
  quote?: FoundQuote
  /** Holds the idempotency key, or null for a question without one. */
  client_message_id: string | null
  /** Is the hash of all parts of the request. A different request with the same `client_message_id` is refused. */
  request_hash: string
  /** Null means that the question uses the active session or begins a new one. */
  session_id: string | null
  /** Null means that the question has the visibility of its session, or is private if it begins a session. */
  visibility: Visibility | null
  /** Holds the id of the requested model. Null means that the models' rules choose one, or that the default is used. */
  model: string | null
  /** The question is refused if the event has one of these labels, because it would have no model to ask. */
  forbidden_tlp: readonly Tlp[]
  max_rounds: number
  /** The first call may spend at most this. A question is refused if a budget has too little left to reserve it. */
  reservation?: Spend
  /** Is the reservation if the event is TLP:RED, which other models may answer. Undefined means `reservation`. */
  red_reservation?: Spend
  /** The ids are made before the transaction, so that a COMMIT with an unknown outcome can be looked up. */
  question_id: string
  reply_id: string
  new_session_id: string
  /** If set, the question leaves an audit entry, in the same transaction. */
  auditContext?: AuditContext
}

export interface AskResult {
  session_id: string
  /** Is the number of the question's round in the session, from 1. */
  round: number
  /** True means that the event's summary changed between this session's previous question and this one. */
  summary_updated: boolean
  question: StoredMessage
  reply: StoredMessage
  /** Null means that the request was a repeated one: nothing was stored, so nothing is published. */
  change: RoomChange | null
  /** Holds the reply's job if the reply is the session's earliest unfinished one. */
  job: ReplyRef | null
}

/** Holds a post to be stored. */
export interface NewPost {
  message_id: string
  event_id: string
  user_id: string
  category: Exclude<MessageCategory, 'engineer_chat'>
  message_from: string
  message_type: string
  content: MessageContent
  round_id: number | null
  audience: Audience
  /** Lists the ids of the people that the text names. */
  mentions?: string[]
  key?: PostKey
}

/** A repeated post has the same values. The same `client_message_id` with another hash is refused. */
export interface PostKey {
  client_message_id: string
  request_hash: string
}

/** Holds a write's result. `change` is null if there was nothing to do, `job` if no job has to be queued. */
export interface MessageChangeResult {
  row: StoredMessage
  change: RoomChange | null
  job: ReplyRef | null
}

/** Stores questions. */
export interface QuestionStore {
  /**
   * Stores the question and its reply's `thinking` row, in the named, the active or a new session, as its next round.
   * It is idempotent by (user_id, client_message_id): a repeated question is not checked against the limits.
   * @throws ChatError event_not_found, session_not_found (also for another user's session), session_round_limit (with
   * session_id), session_visibility_mismatch, quote_private, idempotency_mismatch, tlp_forbids_model, budget_exceeded,
   * unavailable
   */
  ask(question: NewQuestion): Promise<AskResult>
  /**
   * Resolves to the current state of what an earlier `ask` with this key stored.
   * @throws ChatError idempotency_mismatch
   */
  findAskResult(user_id: string, client_message_id: string, request_hash: string): Promise<AskResult | undefined>
}

/** Stores posts. */
export interface PostStore {
  /** Stores a post. A post with a key is idempotent. @throws ChatError event_not_found, idempotency_mismatch */
  post(post: NewPost): Promise<MessageChangeResult>
  /** Resolves to the post that an earlier request with this key stored. @throws ChatError idempotency_mismatch */
  findPost(user_id: string, key: PostKey): Promise<StoredMessage | undefined>
}

/**
 * Decides on a retry, by the model that the question named and by the present label of its event. Returns the
 * reservation. @throws ChatError if the question may not be asked again
 */
export type CheckRetry = (requestedModelId: string | null, tlp: Tlp) => Spend

/** Changes the replies to a user's own questions. */
export interface OwnReplyStore {
  /** Resolves to the current state of a reply to one of the user's own questions. */
  findOwnReply(user_id: string, message_id: string): Promise<StoredMessage | undefined>
  /**
   * Ends a reply that no worker has claimed. If a worker has claimed the reply, it sets a mark by which the worker ends
   * the reply, and `claimed` is true. It returns a finished reply unchanged.
   * @throws ChatError message_not_found
   */
  cancel(user_id: string, message_id: string): Promise<MessageChangeResult & { claimed: boolean }>
  /**
   * Puts a finished reply back to `thinking`: the old text becomes a version, tries are counted from zero, and the
   * attempt grows. An unfinished reply is returned unchanged. `checkRetry` runs under the lock of the room's row.
   * @throws ChatError message_not_found, message_pinned, budget_exceeded, what `checkRetry` throws
   */
  retry(
    user_id: string,
    message_id: string,
    checkRetry?: CheckRetry,
    request_id?: string | null,
  ): Promise<MessageChangeResult>
  /** @throws ChatError message_not_found unless it is a finished reply of the user's own session */
  storeFeedback(
    user_id: string,
    message_id: string,
    rating: 'up' | 'down',
    comment: string | null,
  ): Promise<{ updated_at: string }>
}

/** Shares sessions. */
export interface ShareStore {
  /**
   * Makes every row of the user's session visible to people in the room. The rows take new numbers in their order.
   * @throws ChatError session_not_found (also for another user's session)
   */
  share(user_id: string, session_id: string): Promise<{ change: RoomChange | null }>
}

/**
 * Writes what people and agents say. Each write of rows is one transaction that locks room, session and message in this
 * order, takes the room's next numbers and writes the rows: commit order is sequence order.
 */
export type MessageStore = QuestionStore & PostStore & OwnReplyStore & ShareStore
