import type { BudgetLimits, FactsCache, Stores } from '@engineer-chat/chat'
import type { Mysql } from './connection.ts'
import { mysqlDeadLetters } from './dead-letters.ts'
import { atTheEdge } from './errors.ts'
import { mysqlMaterials } from './materials.ts'
import { mysqlMessages } from './messages.ts'
import { peopleStores } from './people.ts'
import { mysqlPins } from './pins.ts'
import { mysqlReplies } from './replies.ts'
import { mysqlReviews } from './reviews.ts'
import { mysqlStatistics } from './statistics.ts'
import { mysqlTimeline } from './timeline.ts'
import { mysqlVoiceCalls } from './voice-calls.ts'

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
