import type { Stores } from '../../src/ports/index.ts'
import type { BudgetLimits } from '../../src/spend/index.ts'
import { memoryAudit } from './audit.ts'
import { memoryDeadLetters } from './dead-letters.ts'
import { memoryEvents } from './events.ts'
import { memoryMaterials } from './materials.ts'
import { memoryMessages } from './messages.ts'
import { memoryPins } from './pins.ts'
import { memoryReplies } from './replies.ts'
import { memoryReviews } from './reviews.ts'
import { memoryRights, memoryRightsReader } from './rights.ts'
import { memorySessions } from './sessions.ts'
import { memorySignIns } from './sign-ins.ts'
import { memoryStatistics } from './statistics.ts'
import { memoryTickets } from './tickets.ts'
import { memoryTimeline } from './timeline.ts'
import { memoryUpkeep } from './upkeep.ts'
import { memoryUsers } from './users.ts'
import { memoryVoiceCalls } from './voice-calls.ts'
import { makeWorld, type World } from './world.ts'

export interface MemoryStores extends Stores {
  /** What is stored, to be looked at by tests. */
  world: World
  /** The reply is due, and its lease over, since so many milliseconds: as if its worker had died. */
  lapse(message_id: string, ago_ms?: number): void
}

/** Every store, in memory. `now` is the clock of leases and expiries, in milliseconds. */
export function memoryStores(options: { now?: () => number; budgets?: BudgetLimits } = {}): MemoryStores {
  const world = makeWorld(options.now, options.budgets)
  return {
    world,
    lapse: (message_id, ago_ms = 1) => lapse(world, message_id, ago_ms),
    messages: memoryMessages(world),
    replies: memoryReplies(world),
    materials: memoryMaterials(world),
    reviews: memoryReviews(world),
    deadLetters: memoryDeadLetters(world),
    timeline: memoryTimeline(world),
    pins: memoryPins(world),
    sessions: memorySessions(world),
    events: memoryEvents(world),
    users: memoryUsers(world),
    signIns: memorySignIns(world),
    rights: memoryRights(world),
    rightsReader: memoryRightsReader(world),
    tickets: memoryTickets(world),
    upkeep: memoryUpkeep(world),
    audit: memoryAudit(world),
    statistics: memoryStatistics(world),
    voiceCalls: memoryVoiceCalls(world),
  }
}

function lapse(world: World, message_id: string, ago_ms: number): void {
  const reply = world.messages.get(message_id)?.reply
  if (!reply) return
  reply.due_at = world.now() - ago_ms
  if (reply.lease_until !== null) reply.lease_until = reply.due_at
}
