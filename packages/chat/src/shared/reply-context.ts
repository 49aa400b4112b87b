import type { Citation, Event, EventSummary, Severity, Tlp } from '@engineer-chat/protocol'

/** Holds what a model reads: one event and its room, one session, and nothing of others' private sessions. */
export interface ReplyContext {
  event: Event
  /** The latest summary that was there when the question was asked. */
  summary: EventSummary | null
  /** The event's summary changed between this session's previous question and this one. */
  summary_updated: boolean
  /** Contains the whole finished turns of the session before the question, the oldest first. */
  history: PastTurn[]
  question: string
  /** The question refers to this text of another message. */
  quote?: QuotedText
  /** A new session gets this summary of the session before it. */
  carried_over?: string | null
  /** Holds the pieces of documents that fit the question, the best first. Its asker may read them. */
  documents?: DocumentPassage[]
  /** Holds other events that were like this one, the most similar first. Every person may enter them. */
  incidents?: SimilarIncident[]
  room?: RoomSources
}

/** Describes another event that was like the question's. */
export interface SimilarIncident {
  event_id: string
  event_name: string
  severity: Severity
  tlp: Tlp
  /** Lists indicators that both events have. */
  shared: string[]
  excerpt: string
}

/** Holds a piece of a document. */
export interface DocumentPassage {
  document_id: string
  title: string
  /** Holds the titles of the headings above the piece, the outermost first. */
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
}

/** Holds a question of the session and its answer with the citations. */
export interface PastTurn {
  question: string
  quote?: QuotedText
  answer: string
  citations?: Citation[]
  /** Holds the strictest label of the documents that the answer used. */
  tlp?: Tlp
}

/**
 * Holds what is recorded in the room before the question and may be read by every person who may enter. Agents'
 * messages are here only if they are pinned. All lists are sorted with the oldest first.
 */
export interface RoomSources {
  /** The asker had read up to this sequence number before this visit; null selects everything. */
  since: number | null
  summaries: EventSummary[]
  changes: EventChange[]
  pins: RoomMessage[]
  /** These are people's posts and the finished turns of shared chats, without what is pinned. */
  messages: RoomMessage[]
  /** Counts what the room has of each kind. The lists may hold less. */
  totals: RoomTotals
}

export type RoomTotals = Record<'changes' | 'pins' | 'messages', Total>

/** Counts up to a limit. If it is reached, there may be more. */
export interface Total {
  count: number
  isLimited: boolean
}

/** Names the changed fields of an event; short values are included. */
export interface EventChange {
  seq: number
  changed: Record<string, string | null>
  created_at: string
}

/** Holds a whole message of the room. An answer of the assistant comes with its question. */
export interface RoomMessage {
  message_id: string
  position: number
  /** Holds the name of a person, or the role of an agent or of the assistant. */
  author: string
  content: string
  created_at: string
  question?: { author: string; content: string; position: number }
  /** Ranks messages by how well they fit the question; 1 fits best. A message that does not fit has no rank. */
  rank?: number
  /** Holds the strictest label of the documents that an answer used. */
  tlp?: Tlp
}

/** Describes the query by which entries are ranked. */
export interface RankedText {
  text: string
  /**
   * Lists the questions of the same session before it, the newest first. "And on the other host?" says too little
   * without them.
   */
  earlier?: readonly string[]
}
