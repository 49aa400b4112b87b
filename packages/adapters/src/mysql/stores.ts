import type { BudgetLimits, Stores } from '@engineer-chat/chat'
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

/** Everything that is kept, on a migrated database. */
export function mysqlStores({ pool }: Mysql, { budgets = {} }: { budgets?: BudgetLimits } = {}): Stores {
  return {
    messages: atTheEdge(mysqlMessages(pool, budgets)),
    replies: atTheEdge(mysqlReplies(pool, budgets)),
    materials: atTheEdge(mysqlMaterials(pool)),
    reviews: atTheEdge(mysqlReviews(pool)),
    deadLetters: atTheEdge(mysqlDeadLetters(pool)),
    timeline: atTheEdge(mysqlTimeline(pool)),
    pins: atTheEdge(mysqlPins(pool)),
    statistics: atTheEdge(mysqlStatistics(pool)),
    ...peopleStores(pool, budgets),
  }
}
