import type { SlotFacts } from './slots.ts'

/**
 * Holds what MySQL knows of the queue of a model. Here `waiting` also has the replies that may not call the model yet,
 * because it named a later time.
 */
export interface QueueFacts extends SlotFacts {
  /** Is the mean duration of the recent successful calls, or null if there was no such call. */
  meanCallMs: number | null
  /** Counts the successful calls that ended within the last `windowMs`. */
  endedCalls: number
  /**
   * Is how far back `endedCalls` counts: at most as long as the oldest reply has waited, because earlier calls say
   * nothing about the speed of this queue.
   */
  windowMs: number
}

/** Reads the places of waiting replies. Nothing in it changes a row. */
export interface WaitStore {
  /** Lists the busy models for which a user's postponed replies in an event wait. */
  listOwn(user_id: string, event_id: string): Promise<Array<{ message_id: string; model_id: string }>>
  /** Reads the queue of a model. The result may be a second old, because many browsers ask at the same time. */
  readQueue(model_id: string): Promise<QueueFacts>
}
