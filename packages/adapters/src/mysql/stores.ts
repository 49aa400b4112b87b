import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { FactsCache } from '@engineer-chat/chat/events'
import type { Stores } from '@engineer-chat/chat/stores'
import { mysqlMessages } from './asking/index.ts'
import { atTheEdge, type Mysql } from './core/index.ts'
import { mysqlStatistics } from './operations/index.ts'
import { peopleStores } from './people-stores.ts'
import { mysqlMaterials } from './prompting/index.ts'
import { mysqlDeadLetters, mysqlReplies } from './replying/index.ts'
import { mysqlReviews } from './reviews/index.ts'
import { mysqlPins, mysqlTimeline } from './rooms/index.ts'
import { mysqlVoiceCalls } from './voice/index.ts'

interface StoresOptions {
  budgets?: BudgetLimits
  /** Without it, what is known of an event is read anew for each prompt. */
  facts?: FactsCache | undefined
}

/** Everything that is kept, on a migrated database. */
export function mysqlStores({ pool }: Mysql, { budgets = {}, facts }: StoresOptions = {}): Stores {
  return {
    messages: atTheEdge(mysqlMessages(pool, budgets)),
    replies: atTheEdge(mysqlReplies(pool, budgets, facts)),
    materials: atTheEdge(mysqlMaterials(pool, facts)),
    reviews: atTheEdge(mysqlReviews(pool)),
    deadLetters: atTheEdge(mysqlDeadLetters(pool)),
    timeline: atTheEdge(mysqlTimeline(pool)),
    pins: atTheEdge(mysqlPins(pool)),
    statistics: atTheEdge(mysqlStatistics(pool)),
    voiceCalls: atTheEdge(mysqlVoiceCalls(pool, budgets)),
    ...peopleStores(pool, budgets),
  }
}
