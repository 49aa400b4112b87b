import type { Event, EventSummary, MessageContent } from '@engineer-chat/protocol'

/** Holds a question of a session that is shared with the room, and its finished answer. */
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

/** Reads closed events for the documents that are made from them, and records which events are done. */
export interface ClosingStore {
  /**
   * Lists closed events whose room has changed since their documents were made. `seq` is the room's sequence number.
   */
  listClosed(limit: number): Promise<Array<{ event_id: string; seq: number }>>
  find(event_id: string, maxTurns: number): Promise<ClosedEvent | undefined>
  markDone(closed: { event_id: string; seq: number }): Promise<void>
}
