import { listAudiences } from '../../../src/people/access.ts'
import { INDICATOR_RULES } from '../../../src/rooms/indicators/indicator-rules.ts'
import type { Principal } from '../../../src/shared/principal.ts'
import type { Stores } from '../../../src/stores.ts'

export const createEngineer = (user_id: string): Principal => ({ user_id, role: 'engineer' })
export const toReader = (caller: Principal) => ({ caller, audiences: listAudiences(caller) })

/** Stores the indicators of the report and all messages, `limit` changes at a time. Returns the number of batches. */
export async function indexIndicators(
  stores: Stores,
  event_id: string,
  limit = 100,
  rules = INDICATOR_RULES,
): Promise<number> {
  for (let batches = 1; ; batches++) {
    if (!(await stores.indicators.deriveNextRows(event_id, limit, rules))) return batches
  }
}

/** Lists a room's indicators, each as its value, its number of messages and its number of events. */
export async function listValues(stores: Stores, caller: Principal, event_id: string): Promise<string[]> {
  const { items } = await stores.indicators.list(toReader(caller), event_id, { limit: 100 })
  return items.map(({ value, count, events }) => `${value} ${count} ${events}`)
}
