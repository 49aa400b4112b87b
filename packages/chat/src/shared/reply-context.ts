import type { Citation, Event, EventSummary, Severity, Tlp } from '@engineer-chat/protocol'

/**
 * Holds what a model reads for one question. Besides the question, only three fields may have text from private
 * sessions: `history`, `carried_over`, and `quote`, which may be from any session of the asker.
 */
export interface ReplyContext {
  event: Event
  /** Holds the event's summary that was current when the question was asked. Null means that there was none. */
  summary: EventSummary | null
  /** True means that the event got another summary between the session's previous question and this one. */
  summary_updated: boolean
  /** Holds the finished rounds before the question in the same session, the oldest first. */
  history: PastRound[]
  question: string
  /** Is the text of another message that the question quotes. */
  quote?: QuotedText
  /** Is the carry-over that the question's session began with. Null or missing means that the session began without. */
  carried_over?: string | null
  /** Holds the pieces of documents that fit the question and that its asker may read, the best first. */
  documents?: SourcePiece[]
  /** Holds other events that are similar to this one, the most similar first. Every person may enter each of them. */
  incidents?: SimilarIncident[]
  room?: RoomSources
}

/** Describes another event that is similar to the question's event. It is a source of the kind `incident`. */
export interface SimilarIncident {
  event_id: string
  event_name: string
  severity: Severity
  tlp: Tlp
  /** Lists the values of the indicators that both events have. */
  sharedValues: string[]
  /** Is the beginning of the similar event's summary, or of its message if it has no summary. */
  excerpt: string
}

/** Holds a piece of a document that is a source of a prompt. */
export interface SourcePiece {
  document_id: string
  title: string
  /** Holds the titles of the headings above the piece, the outermost first. */
  headings: string[]
  /** Holds the anchor of the last of these headings. */
  anchor: string
  /** Is the stricter one of two labels: the document's and its event's. */
  tlp: Tlp
  text: string
}

/** Holds what a question quotes: a text of another message, with the author and the time of that message. */
export interface QuotedText {
  message_id: string
  author: string
  created_at: string
  text: string
  /** For a quoted answer, is the strictest label of the documents that the answer used. */
  tlp?: Tlp
}

/** Holds an earlier question of the session and its answer. */
export interface PastRound {
  question: string
  quote?: QuotedText
  answer: string
  citations?: Citation[]
  /** Is the strictest label of the documents that the answer used. */
  tlp?: Tlp
}

/**
 * Holds the rows of the room that are older than the question and that every person in the room may read. An agent's
 * message is among them only if it is pinned. All lists have the oldest row first.
 */
export interface RoomSources {
  /**
   * For `/catchup`, is the asker's read position from before the visit, and the lists have only later rows. Null means
   * that the lists have rows of any age, because the question is no `/catchup` or the asker has no read position.
   */
  readPosition: number | null
  summaries: EventSummary[]
  changes: EventChangeRecord[]
  pins: RoomMessage[]
  /** Holds people's posts and the finished rounds of shared chats, without the pinned ones. */
  messages: RoomMessage[]
  /** Counts the changes, pins and messages that could be read for this question. The lists may hold fewer. */
  totals: RoomTotals
}

export type RoomTotals = Record<'changes' | 'pins' | 'messages', Total>

/** Is a count of rows. If `isLimitReached` is true, the counting stopped at a limit, and there may be more rows. */
export interface Total {
  count: number
  isLimitReached: boolean
}

/** Holds a row of `event_changes`. `changed` maps each changed field to its new value, or to null for a long text. */
export interface EventChangeRecord {
  seq: number
  changed: Record<string, string | null>
  created_at: string
}

/** Holds a message of the room. An answer of the AI comes with its question. */
export interface RoomMessage {
  message_id: string
  position: number
  /** Is the name of a person, or the role of an agent or of the AI. */
  author: string
  content: string
  created_at: string
  question?: { author: string; content: string; position: number }
  /** Is the rank among the messages that fit the question. Rank 1 fits best. A message that does not fit has none. */
  rank?: number
  /** For an answer, is the strictest label of the documents that the answer used. */
  tlp?: Tlp
}

/** Holds the query by which entries of the text index are ranked. `text` is what the present question is about. */
export interface RankingQuery {
  text: string
  /**
   * Lists the earlier questions of the same session, the newest first. They are used too, because a question
   * such as "And on the other host?" alone says too little.
   */
  earlier?: readonly string[]
}
