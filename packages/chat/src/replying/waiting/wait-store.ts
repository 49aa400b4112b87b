import type { SlotFacts } from './slots.ts'

/** Holds what MySQL knows of those who wait for a model. `waiting` has those too that the model told to come later. */
export interface QueueFacts extends SlotFacts {
  /** Is how long a good call took of late, or null if there was none. */
  meanCallMs: number | null
  /** Counts the good calls that ended within `windowMs`, in which somebody waited all the time. */
  endedCalls: number
  windowMs: number
}

/** Reads the places of waiting replies. Nothing in it changes a row. */
export interface WaitStore {
  /** Lists the busy models for which a user's postponed replies in an event wait. */
  listOwn(user_id: string, event_id: string): Promise<Array<{ message_id: string; model_id: string }>>
  /** The answer may be a second old, as many pages ask at the same time. */
  readQueue(model_id: string): Promise<QueueFacts>
}
