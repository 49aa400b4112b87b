import type { BudgetLimits } from '../../src/budgets/limits.ts'
import type { Stores } from '../../src/stores.ts'
import { memorySessions } from './asking/sessions.ts'
import { memoryEvents } from './events/events.ts'
import { memoryUpkeep } from './operations/retention.ts'
import { memoryStatistics } from './operations/statistics.ts'
import { memoryAudit } from './people/audit.ts'
import { memoryRights, memoryRightsReader } from './people/rights.ts'
import { memorySignIns } from './people/sign-ins.ts'
import { memoryTickets } from './people/tickets.ts'
import { memoryUsers } from './people/users.ts'
import { memoryMaterials } from './prompting/sources.ts'
import { memoryDeadLetters } from './replying/dead-letters.ts'
import { memoryReplies } from './replying/replies.ts'
import { memoryReviews } from './reviews/reviews.ts'
import { memoryMessages } from './rooms/messages.ts'
import { memoryPins } from './rooms/pins.ts'
import { memoryTimeline } from './rooms/timeline.ts'
import { memoryVoiceCalls } from './voice/voice-calls.ts'
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
