import type { Stores } from '@engineer-chat/chat'
import type { Mysql } from './connection.ts'
import { atTheEdge } from './errors.ts'
import { mysqlMessages } from './messages.ts'
import { peopleStores } from './people.ts'
import { mysqlReplies } from './replies.ts'
import { mysqlTimeline } from './timeline.ts'

/** Everything that is kept, on a migrated database. */
export function mysqlStores({ pool }: Mysql): Stores {
  return {
    messages: atTheEdge(mysqlMessages(pool)),
    replies: atTheEdge(mysqlReplies(pool)),
    timeline: atTheEdge(mysqlTimeline(pool)),
    ...peopleStores(pool),
  }
}
