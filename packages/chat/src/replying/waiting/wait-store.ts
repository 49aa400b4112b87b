import type { SlotFacts } from './slots.ts'

/** Holds the replies that wait for a model, as MySQL knows them. `waiting` includes those that the model postponed. */
export interface QueueFacts extends SlotFacts {
  /** Holds the recent duration of a successful call, or null if there was no such call. */
  meanCallMs: number | null
  /**
   * Counts the successful calls that ended within the last `windowMs`, a time in which replies waited without a break.
   */
  endedCalls: number
  windowMs: number
}

/** Reads the places of waiting replies. Nothing in it changes a row. */
export interface WaitStore {
  /** Lists the busy models for which a user's postponed replies in an event wait. */
  listOwn(user_id: string, event_id: string): Promise<Array<{ message_id: string; model_id: string }>>
  /** The answer may be a second old, because many pages ask at the same time. */
  readQueue(model_id: string): Promise<QueueFacts>
}
