import type { Test } from 'tap'
import { askingContract } from './asking/ask.ts'
import { racesContract } from './asking/races.ts'
import { sessionStoreContract } from './asking/sessions.ts'
import { spendContract } from './budgets/spend.ts'
import { closedEventsContract } from './documents/closed-events.ts'
import { documentsContract } from './documents/documents.ts'
import { eventStoreContract } from './events/events.ts'
import { inboxContract } from './events/inbox.ts'
import type { MakeHarness } from './harness.ts'
import { modelHealthContract } from './operations/model-health.ts'
import { retentionContract } from './operations/retention.ts'
import { statisticsContract } from './operations/statistics.ts'
import { auditContract } from './people/audit.ts'
import { rightsContract } from './people/rights.ts'
import { signInStoreContract } from './people/sign-ins.ts'
import { ticketStoreContract } from './people/tickets.ts'
import { userStoreContract } from './people/users.ts'
import { labelsContract } from './prompting/labels.ts'
import { contextContract } from './prompting/reply-context.ts'
import { sourcesContract } from './prompting/sources.ts'
import { similarEventsContract } from './ranking/similar-events.ts'
import { textIndexContract } from './ranking/text-index.ts'
import { cancelAndRetryContract } from './replying/cancel-and-retry.ts'
import { deadLettersContract } from './replying/dead-letters.ts'
import { postponedContract } from './replying/postponed.ts'
import { replyStoreContract } from './replying/replies.ts'
import { slotsContract } from './replying/slots.ts'
import { waitsContract } from './replying/waits.ts'
import { reviewsContract } from './reviews/flagged-replies.ts'
import { indicatorsContract } from './rooms/indicators.ts'
import { pinsContract } from './rooms/pins.ts'
import { postsContract } from './rooms/posts.ts'
import { timelineContract } from './rooms/timeline.ts'

const SUITES = [
  askingContract,
  cancelAndRetryContract,
  postsContract,
  replyStoreContract,
  postponedContract,
  slotsContract,
  waitsContract,
  contextContract,
  sourcesContract,
  labelsContract,
  reviewsContract,
  timelineContract,
  pinsContract,
  indicatorsContract,
  textIndexContract,
  similarEventsContract,
  documentsContract,
  closedEventsContract,
  inboxContract,
  sessionStoreContract,
  eventStoreContract,
  userStoreContract,
  signInStoreContract,
  rightsContract,
  ticketStoreContract,
  retentionContract,
  auditContract,
  deadLettersContract,
  statisticsContract,
  modelHealthContract,
  racesContract,
  spendContract,
]

/** Proves what every implementation of the stores guarantees. Each suite makes its own harness. */
export async function storesContract(t: Test, make: MakeHarness): Promise<void> {
  for (const contract of SUITES) await contract(t, make)
}
