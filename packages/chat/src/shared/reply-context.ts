import type { Citation, Event, EventSummary, Severity, Tlp } from '@engineer-chat/protocol'

/**
 * Holds what a model reads for one question. From private sessions, it has only three things: the rounds of the
 * question's session, the carry-over, and a quote from any session of the asker.
 */
export interface ReplyContext {
  event: Event
  /** Holds the summary that was the latest one when the question was asked. */
  summary: EventSummary | null
  /** True means that the event's summary changed between this session's previous question and this one. */
  summary_updated: boolean
  /** Holds the finished rounds of the session before the question, the oldest first. */
  history: PastRound[]
  question: string
  /** Holds the text of another message to which the question refers. */
  quote?: QuotedText
  /** Holds the carry-over: the summary of the previous session, for the questions of a new session. */
  carried_over?: string | null
  /** Holds the pieces of documents that fit the question and that its asker may read, the best first. */
  documents?: SourcePiece[]
  /** Holds other events that were like this one and that every person may enter, the most similar first. */
  incidents?: SimilarIncident[]
  room?: RoomSources
}

/** Describes an event that was like the event of the question. It is a source of the kind `incident`. */
export interface SimilarIncident {
  event_id: string
  event_name: string
  severity: Severity
  tlp: Tlp
  /** Lists the values of the indicators that both events have. */
  shared: string[]
  excerpt: string
}

/** Holds a piece of a document that is a source of a prompt. */
export interface SourcePiece {
  document_id: string
  title: string
  /** Holds the titles of the headings that the text of the piece stands under, the outermost first. */
  headings: string[]
  /** Holds the anchor of the last of these headings. */
  anchor: string
  /** Holds the stricter label of the document and its event. */
  tlp: Tlp
  text: string
}

/** Holds what a question quotes: a text of another message, its author and its time. */
export interface QuotedText {
  message_id: string
  author: string
  created_at: string
  text: string
  /** Holds the label of a quoted answer: the strictest one of the documents that the answer used. */
  tlp?: Tlp
}

/** Holds an earlier question of the session and its answer. */
export interface PastRound {
  question: string
  quote?: QuotedText
  answer: string
  citations?: Citation[]
  /** Holds the strictest label of the documents that the answer used. */
  tlp?: Tlp
}

/**
 * Holds the part of the room before the question that every person of the room may read. It has messages of agents only
 * if they are pinned. All lists are sorted with the oldest first.
 */
export interface RoomSources {
  /**
   * For `/catchup`, holds the asker's read position from before the visit: only later rows are read. Null means that
   * rows of any age are read, because the question is another one or the asker has no read position.
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

/** Counts up to a limit. `isLimited` says that the limit is reached, so that there may be more. */
export interface Total {
  count: number
  isLimited: boolean
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
  /** Holds the name of a person, or the role of an agent or of the assistant. */
  author: string
  content: string
  created_at: string
  question?: { author: string; content: string; position: number }
  /** Says how well the message fits the question: 1 fits best. A message that does not fit has no rank. */
  rank?: number
  /** Holds the strictest label of the documents that an answer used. */
  tlp?: Tlp
}

/** Holds the query by which entries are ranked. */
export interface RankingQuery {
  text: string
  /**
   * Lists the earlier questions of the same session, the newest first. Without them, a question such as "And on the
   * other host?" says too little.
   */
  earlier?: readonly string[]
}
