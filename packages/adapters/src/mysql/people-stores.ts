import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { Stores } from '@engineer-chat/chat/stores'
import type { Pool } from 'mysql2/promise'
import { createSessionStore } from './asking/index.ts'
import { createEventStore, createInboxStore } from './events/index.ts'
import { createRetentionStore } from './operations/index.ts'
import {
  createAuditLog,
  createCachedRights,
  createRightsReader,
  createSignInStore,
  createTicketStore,
  createUserStore,
} from './people/index.ts'

/** Opens the stores of people, rights, events and sessions: all stores but those of messages. `guard` wraps each. */
export function createPeopleStores(
  pool: Pool,
  budgets: BudgetLimits,
  guard: <S extends object>(store: S) => S,
): Omit<
  Stores,
  | 'messages'
  | 'documents'
  | 'closings'
  | 'modelHealth'
  | 'months'
  | 'replies'
  | 'deadLetters'
  | 'sources'
  | 'reviews'
  | 'timeline'
  | 'pins'
  | 'indicators'
  | 'statistics'
  | 'similarEvents'
  | 'textIndex'
  | 'voiceCalls'
  | 'waits'
> {
  const { clear: clearCachedRights, ...rights } = createCachedRights(pool)
  return {
    rights: guard(rights),
    rightsReader: guard(createRightsReader(pool)),
    inbox: guard(createInboxStore(pool)),
    events: guard(createEventStore(pool, clearCachedRights)),
    users: guard(createUserStore(pool, clearCachedRights)),
    signIns: guard(createSignInStore(pool, clearCachedRights)),
    sessions: guard(createSessionStore(pool)),
    tickets: guard(createTicketStore(pool)),
    retention: guard(createRetentionStore(pool, budgets)),
    audit: guard(createAuditLog(pool)),
  }
}
