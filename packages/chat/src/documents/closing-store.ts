import type { Event, EventSummary, MessageContent } from '@engineer-chat/protocol'

/** Holds a question of a shared session, and its finished answer. */
export interface SharedTurn {
  question: string
  answer: MessageContent
}

export interface ClosedEvent {
  event: Event
  summary: EventSummary | null
  /** The newest turns come first. */
  turns: SharedTurn[]
}

/** Reads closed events, from which documents are made, and records for which events they have been made. */
export interface ClosingStore {
  /**
   * Lists closed events whose documents have not been made, or whose room has changed since. `seq` is the room's
   * sequence number.
   */
  listClosed(limit: number): Promise<Array<{ event_id: string; seq: number }>>
  /** Finds an event with its latest summary and its newest shared turns, at most `maxTurns`. */
  find(event_id: string, maxTurns: number): Promise<ClosedEvent | undefined>
  /** Records that the documents were made from the room as it was at this sequence number. */
  markDone(closed: { event_id: string; seq: number }): Promise<void>
}
