import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { Stores } from '@engineer-chat/chat/stores'
import type { Pool } from 'mysql2/promise'
import { mysqlSessions } from './asking/index.ts'
import { atTheEdge } from './core/index.ts'
import { mysqlEvents } from './events/index.ts'
import { mysqlUpkeep } from './operations/index.ts'
import { mysqlAudit, mysqlRights, mysqlRightsReader, mysqlSignIns, mysqlTickets, mysqlUsers } from './people/index.ts'

/** Who is who, who may enter where, and whose sessions there are: all stores but those of what is said. */
export function peopleStores(
  pool: Pool,
  budgets: BudgetLimits,
): Omit<
  Stores,
  'messages' | 'replies' | 'deadLetters' | 'materials' | 'reviews' | 'timeline' | 'pins' | 'statistics' | 'voiceCalls'
> {
  const { forget, ...rights } = mysqlRights(pool)
  return {
    rights: atTheEdge(rights),
    rightsReader: atTheEdge(mysqlRightsReader(pool)),
    events: atTheEdge(mysqlEvents(pool, forget)),
    users: atTheEdge(mysqlUsers(pool, forget)),
    signIns: atTheEdge(mysqlSignIns(pool, forget)),
    sessions: atTheEdge(mysqlSessions(pool)),
    tickets: atTheEdge(mysqlTickets(pool)),
    upkeep: atTheEdge(mysqlUpkeep(pool, budgets)),
    audit: atTheEdge(mysqlAudit(pool)),
  }
}
