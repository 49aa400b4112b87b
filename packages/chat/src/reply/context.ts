import type { LiveReplies, Llm, ReplyQueue, RoomBus } from '../ports/index.ts'
import type { LeaseContext } from './lease.ts'

/** All that writing a reply touches. */
export interface ReplyVerbContext extends LeaseContext {
  /** The model that was asked for, or the default one. */
  llm(model: string | null): Llm
  bus: RoomBus
  queue: ReplyQueue
  live: LiveReplies
  /** Messages, two to a turn. */
  historyLimit: number
  callTimeoutMs: number
  /** From the claim to the final row. */
  measure?(done: { model: string; outcome: 'chat' | 'error' | 'cancelled'; duration_ms: number }): void
}
