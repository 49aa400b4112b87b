import type { BudgetLimits } from '../../src/budgets/limits.ts'
import type { Stores } from '../../src/stores.ts'
import { createMemorySessions } from './asking/sessions.ts'
import { createMemoryClosedEvents } from './documents/closed-events.ts'
import { createMemoryDocuments } from './documents/documents.ts'
import { createMemoryEvents } from './events/events.ts'
import { createMemoryInbox } from './events/inbox.ts'
import { createMemoryData, type MemoryData } from './memory-data.ts'
import { createMemoryModelHealth } from './operations/model-health.ts'
import { createMemoryMonths } from './operations/months.ts'
import { createMemoryRetention } from './operations/retention.ts'
import { createMemoryStatistics } from './operations/statistics.ts'
import { createMemoryAudit } from './people/audit.ts'
import { createMemoryRights, createMemoryUncachedRights } from './people/rights.ts'
import { createMemorySignIns } from './people/sign-ins.ts'
import { createMemoryTickets } from './people/tickets.ts'
import { createMemoryUsers } from './people/users.ts'
import { createMemoryLabels } from './prompting/labels.ts'
import { createMemorySources } from './prompting/sources.ts'
import { createMemorySimilarEvents } from './ranking/similar-events.ts'
import { createMemoryTextIndex } from './ranking/text-index.ts'
import { createMemoryDeadLetters } from './replying/dead-letters.ts'
import { createMemoryReplies } from './replying/replies.ts'
import { createMemoryWaits } from './replying/waits.ts'
import { createMemoryReviews } from './reviews/reviews.ts'
import { createMemoryIndicators } from './rooms/indicators.ts'
import { createMemoryMessages } from './rooms/messages.ts'
import { createMemoryPins } from './rooms/pins.ts'
import { createMemoryTimeline } from './rooms/timeline.ts'
import { createMemoryVoiceCalls } from './voice/voice-calls.ts'

export interface MemoryStores extends Stores {
  /** Holds all stored data, so that tests can look at it. */
  data: MemoryData
  /** Makes the reply due and ends its lease this many milliseconds ago, as if its worker had died. */
  expireLease(message_id: string, agoMs?: number): void
}

/** Creates every store in memory. `now` is the clock of leases and expiries, in milliseconds. */
export function createMemoryStores(options: { now?: () => number; budgets?: BudgetLimits } = {}): MemoryStores {
  const data = createMemoryData(options.now, options.budgets)
  return {
    data,
    expireLease: (message_id, agoMs = 1) => expireLease(data, message_id, agoMs),
    messages: createMemoryMessages(data),
    replies: createMemoryReplies(data),
    waits: createMemoryWaits(data),
    sources: createMemorySources(data),
    labels: createMemoryLabels(data),
    reviews: createMemoryReviews(data),
    deadLetters: createMemoryDeadLetters(data),
    timeline: createMemoryTimeline(data),
    inbox: createMemoryInbox(data),
    pins: createMemoryPins(data),
    indicators: createMemoryIndicators(data),
    textIndex: createMemoryTextIndex(data),
    similarEvents: createMemorySimilarEvents(data),
    documents: createMemoryDocuments(data),
    closedEvents: createMemoryClosedEvents(data),
    sessions: createMemorySessions(data),
    events: createMemoryEvents(data),
    users: createMemoryUsers(data),
    signIns: createMemorySignIns(data),
    rights: createMemoryRights(data),
    uncachedRights: createMemoryUncachedRights(data),
    tickets: createMemoryTickets(data),
    retention: createMemoryRetention(data),
    months: createMemoryMonths(),
    audit: createMemoryAudit(data),
    statistics: createMemoryStatistics(data),
    voiceCalls: createMemoryVoiceCalls(data),
    modelHealth: createMemoryModelHealth(data),
  }
}

function expireLease(data: MemoryData, message_id: string, agoMs: number): void {
  const reply = data.messages.get(message_id)?.reply
  if (!reply) return
  reply.due_at = data.now() - agoMs
  if (reply.lease_until !== null) reply.lease_until = reply.due_at
}
