import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { Stores } from '@engineer-chat/chat/stores'
import type { Pool } from 'mysql2/promise'
import { createSessionStore } from './asking/index.ts'
import { createEventStore, createInboxStore } from './events/index.ts'
import { createRetentionStore } from './operations/index.ts'
import {
  createAuditLog,
  createCachedRights,
  createSignInStore,
  createTicketStore,
  createUncachedRights,
  createUserStore,
} from './people/index.ts'

/** Opens the stores of people, rights, events and sessions, of retention and of the audit. */
export function createPeopleStores(
  pool: Pool,
  budgets: BudgetLimits,
  withStoreErrors: <S extends object>(store: S) => S,
): Pick<
  Stores,
  | 'rights'
  | 'uncachedRights'
  | 'inbox'
  | 'events'
  | 'users'
  | 'signIns'
  | 'sessions'
  | 'tickets'
  | 'retention'
  | 'audit'
> {
  const { clear: clearCachedRights, ...rights } = createCachedRights(pool)
  return {
    rights: withStoreErrors(rights),
    uncachedRights: withStoreErrors(createUncachedRights(pool)),
    inbox: withStoreErrors(createInboxStore(pool)),
    events: withStoreErrors(createEventStore(pool, clearCachedRights)),
    users: withStoreErrors(createUserStore(pool, clearCachedRights)),
    signIns: withStoreErrors(createSignInStore(pool, clearCachedRights)),
    sessions: withStoreErrors(createSessionStore(pool)),
    tickets: withStoreErrors(createTicketStore(pool)),
    retention: withStoreErrors(createRetentionStore(pool, budgets)),
    audit: withStoreErrors(createAuditLog(pool)),
  }
}
