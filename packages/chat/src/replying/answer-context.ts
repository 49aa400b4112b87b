import type { ModelChains } from '../models/index.ts'
import type { PromptSettings, SourceStore } from '../prompting/index.ts'
import type { ReplyQueue, ReplyStreams, RoomBus } from '../shared/index.ts'
import type { LeaseContext } from './lease.ts'

/** Holds everything that writing a reply needs. */
export interface AnswerContext extends LeaseContext {
  models: ModelChains
  sources: SourceStore
  bus: RoomBus
  queue: ReplyQueue
  replyStreams: ReplyStreams
  promptSettings: PromptSettings
  /** The prompt has at most this many earlier messages of the session. A round has two messages. */
  historyLimit: number
  /**
   * A reply may wait for busy models for at most this long. The time begins when its question is accepted or is asked
   * again.
   */
  replyDeadlineMs: number
  /** If true, the record of a call keeps the turns that were sent to the model. By default, it does not. */
  arePromptsKept?: boolean
  /**
   * Records the time from the claim of a finished reply to its final row. `model` is the one that the row names. It is
   * `none` if the row names no model, as that of an error.
   */
  recordDuration?(finished: { model: string; outcome: 'chat' | 'error' | 'cancelled'; duration_ms: number }): void
  /** Counts a postponed reply. `model` is the first of its busy models. */
  countPostponed?(model: string): void
}
