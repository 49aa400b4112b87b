import type { Event, EventSummary, MessageContent } from '@engineer-chat/protocol'

/** Holds a question of a shared session, and its finished answer. */
export interface SharedRound {
  question: string
  answer: MessageContent
}

export interface ClosedEvent {
  event: Event
  summary: EventSummary | null
  /** The newest rounds come first. */
  rounds: SharedRound[]
}

/** Reads closed events, from which documents are made, and records for which events they have been made. */
export interface ClosedEventStore {
  /**
   * Lists closed events whose documents have not been made, or whose room has changed since. `seq` is the room's
   * sequence number.
   */
  listClosed(limit: number): Promise<Array<{ event_id: string; seq: number }>>
  /** Finds an event with its latest summary and its newest shared rounds, at most `maxRounds`. */
  find(event_id: string, maxRounds: number): Promise<ClosedEvent | undefined>
  /** Records that the documents were made from the room as it was at this sequence number. */
  markDone(closed: { event_id: string; seq: number }): Promise<void>
}
