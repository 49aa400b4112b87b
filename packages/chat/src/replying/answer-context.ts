import type { ModelChains } from '../models/index.ts'
import type { PromptSettings, SourceStore } from '../prompting/index.ts'
import type { ReplyQueue, ReplyStreams, RoomBus } from '../shared/index.ts'
import type { LeaseContext } from './lease.ts'

/** All that writing a reply touches. */
export interface AnswerContext extends LeaseContext {
  models: ModelChains
  materials: SourceStore
  bus: RoomBus
  queue: ReplyQueue
  live: ReplyStreams
  /** How models are told. */
  briefing: PromptSettings
  /** Messages, two to a turn. */
  historyLimit: number
  /** Whether what is sent to models is kept with the record of the call. */
  keepPrompts?: boolean
  /** From the claim to the final row. */
  measure?(done: { model: string; outcome: 'chat' | 'error' | 'cancelled'; duration_ms: number }): void
}
