import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { Stores } from '@engineer-chat/chat/stores'
import type { Pool } from 'mysql2/promise'
import { createSessionStore } from './asking/index.ts'
import { translateErrors } from './core/index.ts'
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

/** Opens the stores of people, rights, events and sessions: all stores but those of messages. */
export function createPeopleStores(
  pool: Pool,
  budgets: BudgetLimits,
): Omit<
  Stores,
  | 'messages'
  | 'modelHealth'
  | 'replies'
  | 'deadLetters'
  | 'sources'
  | 'reviews'
  | 'timeline'
  | 'pins'
  | 'indicators'
  | 'statistics'
  | 'voiceCalls'
  | 'waits'
> {
  const { clear: forget, ...rights } = createCachedRights(pool)
  return {
    rights: translateErrors(rights),
    rightsReader: translateErrors(createRightsReader(pool)),
    inbox: translateErrors(createInboxStore(pool)),
    events: translateErrors(createEventStore(pool, forget)),
    users: translateErrors(createUserStore(pool, forget)),
    signIns: translateErrors(createSignInStore(pool, forget)),
    sessions: translateErrors(createSessionStore(pool)),
    tickets: translateErrors(createTicketStore(pool)),
    retention: translateErrors(createRetentionStore(pool, budgets)),
    audit: translateErrors(createAuditLog(pool)),
  }
}
