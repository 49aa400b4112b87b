import type { BudgetLimits } from '../../src/budgets/limits.ts'
import type { Stores } from '../../src/stores.ts'
import { createMemorySessions } from './asking/sessions.ts'
import { createMemoryEvents } from './events/events.ts'
import { createMemoryInbox } from './events/inbox.ts'
import { createMemoryRetention } from './operations/retention.ts'
import { createMemoryStatistics } from './operations/statistics.ts'
import { createMemoryAudit } from './people/audit.ts'
import { createMemoryRights, createMemoryRightsReader } from './people/rights.ts'
import { createMemorySignIns } from './people/sign-ins.ts'
import { createMemoryTickets } from './people/tickets.ts'
import { createMemoryUsers } from './people/users.ts'
import { createMemorySources } from './prompting/sources.ts'
import { createMemoryDeadLetters } from './replying/dead-letters.ts'
import { createMemoryReplies } from './replying/replies.ts'
import { createMemoryReviews } from './reviews/reviews.ts'
import { createMemoryIndicators } from './rooms/indicators.ts'
import { createMemoryMessages } from './rooms/messages.ts'
import { createMemoryPins } from './rooms/pins.ts'
import { createMemoryTimeline } from './rooms/timeline.ts'
import { createMemoryVoiceCalls } from './voice/voice-calls.ts'
import { createWorld, type World } from './world.ts'

export interface MemoryStores extends Stores {
  /** Holds all stored data, so that tests can look at it. */
  world: World
  /** Makes the reply due and ends its lease this many milliseconds ago, as if its worker had died. */
  expireLease(message_id: string, agoMs?: number): void
}

/** Creates every store in memory. `now` is the clock of leases and expiries, in milliseconds. */
export function createMemoryStores(options: { now?: () => number; budgets?: BudgetLimits } = {}): MemoryStores {
  const world = createWorld(options.now, options.budgets)
  return {
    world,
    expireLease: (message_id, agoMs = 1) => lapse(world, message_id, agoMs),
    messages: createMemoryMessages(world),
    replies: createMemoryReplies(world),
    sources: createMemorySources(world),
    reviews: createMemoryReviews(world),
    deadLetters: createMemoryDeadLetters(world),
    timeline: createMemoryTimeline(world),
    inbox: createMemoryInbox(world),
    pins: createMemoryPins(world),
    indicators: createMemoryIndicators(world),
    sessions: createMemorySessions(world),
    events: createMemoryEvents(world),
    users: createMemoryUsers(world),
    signIns: createMemorySignIns(world),
    rights: createMemoryRights(world),
    rightsReader: createMemoryRightsReader(world),
    tickets: createMemoryTickets(world),
    retention: createMemoryRetention(world),
    audit: createMemoryAudit(world),
    statistics: createMemoryStatistics(world),
    voiceCalls: createMemoryVoiceCalls(world),
  }
}

function lapse(world: World, message_id: string, agoMs: number): void {
  const reply = world.messages.get(message_id)?.reply
  if (!reply) return
  reply.due_at = world.now() - agoMs
  if (reply.lease_until !== null) reply.lease_until = reply.due_at
}
