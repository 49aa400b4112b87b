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
  live: ReplyStreams
  /** The prompts depend on these settings. */
  promptSettings: PromptSettings
  /** The limit counts messages; a turn has two. */
  historyLimit: number
  /** Limits how long a reply may wait for busy models, from the time when its question was accepted. */
  replyDeadlineMs: number
  /** If true, the record of a call keeps what was sent to the model. */
  arePromptsKept?: boolean
  /** Receives the time from the claim to the final row. */
  measure?(done: { model: string; outcome: 'chat' | 'error' | 'cancelled'; duration_ms: number }): void
  /** Counts a postponed reply for the first busy model. */
  countPostponed?(model: string): void
}
