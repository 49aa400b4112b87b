import type { MessageCategory, MessageContent, Tlp, Visibility } from '@engineer-chat/protocol'
import type { Spend } from '../budgets/index.ts'
import type { Audience, AuditContext, ReplyRef, RoomChange, StoredMessage } from '../shared/index.ts'
import type { FoundQuote } from './quotes/find-quote.ts'

/** Holds a question to be stored, and the ids and limits that the transaction of the question needs. */
export interface NewQuestion {
  event_id: string
  user_id: string
  /** The text is trimmed and well formed. */
  text: string
  quote?: FoundQuote
  /** Holds the idempotency key, or null for a question without one. */
  client_message_id: string | null
  /** Holds the hash of all parts of the request. A different request with the same `client_message_id` is refused. */
  request_hash: string
  /** Null means that the question names no session. It then uses an active session or begins a new one. */
  session_id: string | null
  /**
   * Is required of the session that the question uses, and is the visibility of a session that it begins. Null accepts
   * either visibility, and begins a private session.
   */
  visibility: Visibility | null
  /** Holds the id of the requested model. Null leaves the choice of the model to the rules of the models file. */
  model: string | null
  /** The question is refused if the event has one of these labels, because no model may answer it then. */
  forbidden_tlp: readonly Tlp[]
  max_rounds: number
  /**
   * Holds the most that the first call may cost. The question is refused if a budget has less than this amount left.
   * Undefined reserves nothing.
   */
  reservation?: Spend
  /**
   * Is used in place of `reservation` if the event is TLP:RED, because other models with other prices answer then.
   * Undefined means that `reservation` is used for TLP:RED, too.
   */
  red_reservation?: Spend
  /** The ids are made before the transaction, so that a COMMIT with an unknown outcome can be looked up. */
  question_id: string
  reply_id: string
  new_session_id: string
  /** If set, the transaction that stores the question also stores an audit entry. */
  auditContext?: AuditContext
}

export interface AskResult {
  session_id: string
  /** Holds the number of the question's round in the session. The first round is 1. */
  round: number
  /** True means that the event's summary changed between this session's previous question and this one. */
  summary_updated: boolean
  question: StoredMessage
  reply: StoredMessage
  /** Null means that the request was repeated: nothing was stored, so nothing is published. */
  change: RoomChange | null
  /** Holds the reply's job if no earlier reply of the session is unfinished. Null means that no job is to be queued. */
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
  /** Names a round of the agents' work. It is null for a person's post. */
  round_id: number | null
  audience: Audience
  /** Lists the ids of the people that the text names. */
  mentions?: string[]
  /** Undefined means that the post is stored each time that it is sent. */
  key?: PostKey
}

/**
 * Recognizes a repeated post of a user, which has the same two values as the stored post. A post with a stored
 * `client_message_id` but another hash is refused.
 */
export interface PostKey {
  client_message_id: string
  request_hash: string
}

/**
 * Holds the result of a write. `change` is null if nothing was written to the row. `job` is null if no job has to be
 * queued. It may be the job of another reply: a cancelled reply is followed by the next reply of its session.
 */
export interface MessageChangeResult {
  row: StoredMessage
  change: RoomChange | null
  job: ReplyRef | null
}

/** Stores questions. */
export interface QuestionStore {
  /**
   * Stores the question and the `thinking` row of its reply as the next round of a session. This is the named session,
   * an active one, or a new one. `ask` is idempotent by (user_id, client_message_id): a repeated question is not
   * checked against the limits.
   * @throws ChatError event_not_found, session_not_found (also for another user's session), session_round_limit (the
   * error contains the session's id), session_visibility_mismatch, quote_private, idempotency_mismatch,
   * tlp_forbids_model, budget_exceeded, unavailable
   */
  ask(question: NewQuestion): Promise<AskResult>
  /**
   * Resolves to the current state of what an earlier `ask` with this key stored, or to undefined if none did.
   * @throws ChatError idempotency_mismatch
   */
  findAskResult(user_id: string, client_message_id: string, request_hash: string): Promise<AskResult | undefined>
}

/** Stores posts. */
export interface PostStore {
  /**
   * Stores a post. A repeated post with a key stores nothing: it resolves to the stored post, and `change` is null.
   * @throws ChatError event_not_found, idempotency_mismatch
   */
  post(post: NewPost): Promise<MessageChangeResult>
  /**
   * Resolves to the post that an earlier request with this key stored, or to undefined if none did.
   * @throws ChatError idempotency_mismatch
   */
  findPost(user_id: string, key: PostKey): Promise<StoredMessage | undefined>
}

/**
 * Returns the reservation of a retry, by the model that the question requested and by the present label of its event.
 * @throws ChatError if the question may not be asked again
 */
export type GetRetryReservation = (requestedModelId: string | null, tlp: Tlp) => Spend

export interface RetryOptions {
  /** Is the id of the request that asks for the retry. */
  request_id?: string | null | undefined
  /** If set, the reply is retried only if it is still the error as which this attempt ended. */
  failedAttempt?: number
}

/** Changes the replies to a user's own questions. */
export interface OwnReplyStore {
  /** Resolves to the reply, or to undefined if the message is no reply to one of the user's own questions. */
  findOwnReply(user_id: string, message_id: string): Promise<StoredMessage | undefined>
  /**
   * Ends a reply that no worker has claimed. If a worker has claimed the reply, `cancel` only marks it, `claimed` is
   * true, and the worker ends the reply when it sees the mark. A finished reply is returned unchanged.
   * @throws ChatError message_not_found
   */
  cancel(user_id: string, message_id: string): Promise<MessageChangeResult & { claimed: boolean }>
  /**
   * Puts a finished reply back to `thinking`: the old text becomes a version, tries are counted from zero, and the
   * attempt rises by one. An unfinished reply is returned unchanged, and so is one that is not the error of
   * `failedAttempt` any more. `getReservation` runs under the lock of the room's row. Without it, the retry reserves
   * nothing.
   * @throws ChatError message_not_found, message_pinned, budget_exceeded, what `getReservation` throws
   */
  retry(
    user_id: string,
    message_id: string,
    getReservation?: GetRetryReservation,
    options?: RetryOptions,
  ): Promise<MessageChangeResult>
  /**
   * Stores the user's rating and comment in place of earlier ones. A null comment removes an earlier comment.
   * @throws ChatError message_not_found unless the message is a finished reply to one of the user's own questions
   */
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
   * Makes every row of the user's session visible to people in the room. The rows take new numbers in the order of
   * their positions. `change` is null if the session is already shared or has no rows.
   * @throws ChatError session_not_found (also for another user's session)
   */
  share(user_id: string, session_id: string): Promise<{ change: RoomChange | null }>
}

/**
 * Writes what people and agents say. Each write of messages is one transaction. It locks the rows of the room, the
 * session and the message in this order, takes the room's next numbers, and writes the messages. The lock of the room
 * makes the order of the commits the order of the numbers.
 */
export type MessageStore = QuestionStore & PostStore & OwnReplyStore & ShareStore
