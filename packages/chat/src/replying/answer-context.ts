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
  /** Limits how many messages of the session the prompt has; a question and its answer are two. */
  historyLimit: number
  /** Limits how long a reply may wait for busy models, from the time when its question was accepted or asked again. */
  replyDeadlineMs: number
  /** If true, the record of a call keeps what was sent to the model. */
  arePromptsKept?: boolean
  /** Records the time from the claim of a reply to its final row. */
  recordDuration?(finished: { model: string; outcome: 'chat' | 'error' | 'cancelled'; duration_ms: number }): void
  /** Counts a postponed reply. `model` is the first of its busy models. */
  countPostponed?(model: string): void
}
