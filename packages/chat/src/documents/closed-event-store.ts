import type { Event, EventSummary, MessageContent } from '@engineer-chat/protocol'

/** Holds a question of a shared session and the answer. The round's reply has ended without an error. */
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

/** Reads the closed events from which documents are made. Records from which state of an event they were made. */
export interface ClosedEventStore {
  /**
   * Lists closed events whose documents have to be made: they have not been made yet, or the room has changed after
   * they were made. `seq` is the room's present sequence number.
   */
  listPending(limit: number): Promise<Array<{ event_id: string; seq: number }>>
  /** Finds an event with its latest summary and at most `maxRounds` of its shared rounds: the newest ones. */
  find(event_id: string, maxRounds: number): Promise<ClosedEvent | undefined>
  /** Records that the event's documents were made when its room had this sequence number. */
  markDone(closed: { event_id: string; seq: number }): Promise<void>
}
