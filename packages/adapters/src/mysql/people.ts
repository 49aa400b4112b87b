import type { BudgetLimits, Stores } from '@engineer-chat/chat'
import type { Pool } from 'mysql2/promise'
import { mysqlAudit } from './audit.ts'
import { atTheEdge } from './errors.ts'
import { mysqlEvents } from './events.ts'
import { mysqlRights } from './rights.ts'
import { mysqlRightsReader } from './rights-reader.ts'
import { mysqlSessions } from './sessions.ts'
import { mysqlSignIns } from './sign-ins.ts'
import { mysqlTickets } from './tickets.ts'
import { mysqlUpkeep } from './upkeep.ts'
import { mysqlUsers } from './users.ts'

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
