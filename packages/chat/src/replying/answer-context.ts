import type { Models } from '../models/index.ts'
import type { BriefingSettings, Materials } from '../prompting/index.ts'
import type { LiveReplies, ReplyQueue, RoomBus } from '../shared/index.ts'
import type { LeaseContext } from './lease.ts'

/** All that writing a reply touches. */
export interface ReplyVerbContext extends LeaseContext {
  models: Models
  materials: Materials
  bus: RoomBus
  queue: ReplyQueue
  live: LiveReplies
  /** How models are told. */
  briefing: BriefingSettings
  /** Messages, two to a turn. */
  historyLimit: number
  /** Whether what is sent to models is kept with the record of the call. */
  keepPrompts?: boolean
  /** From the claim to the final row. */
  measure?(done: { model: string; outcome: 'chat' | 'error' | 'cancelled'; duration_ms: number }): void
}
