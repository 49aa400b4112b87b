import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { EventFactsCache } from '@engineer-chat/chat/events'
import type { Stores } from '@engineer-chat/chat/stores'
import { createMessageStore } from './asking/index.ts'
import { type Mysql, translateErrors } from './core/index.ts'
import { createClosingStore, createDocumentStore } from './documents/index.ts'
import { findEvent } from './events/index.ts'
import { createModelHealthStore, createMonthStore, createStatisticsStore } from './operations/index.ts'
import { createPeopleStores } from './people-stores.ts'
import { createSourceStore } from './prompting/index.ts'
import { createSimilarEvents, createTextIndex } from './ranking/index.ts'
import { createDeadLetterStore, createReplyStore, createWaitStore } from './replying/index.ts'
import { createReviewStore } from './reviews/index.ts'
import { createIndicatorStore, createPinStore, createTimeline } from './rooms/index.ts'
import { createVoiceCallStore } from './voice/index.ts'

interface StoresOptions {
  budgets?: BudgetLimits
  /** Without the cache, the facts of an event are read again for each prompt. */
  facts?: EventFactsCache | undefined
}

/** Opens all stores on a migrated database. */
export function createMysqlStores(mysql: Mysql, { budgets = {}, facts }: StoresOptions = {}): Stores {
  const { pool, diskFull } = mysql
  const guard = <S extends object>(store: S): S => translateErrors(store, diskFull.note)
  return {
    messages: guard(createMessageStore(pool, budgets)),
    replies: guard(createReplyStore(pool, budgets, facts)),
    waits: guard(createWaitStore(pool)),
    sources: guard(createSourceStore(pool, facts)),
    reviews: guard(createReviewStore(pool)),
    deadLetters: guard(createDeadLetterStore(pool)),
    timeline: guard(createTimeline(pool, findEvent)),
    pins: guard(createPinStore(pool)),
    indicators: guard(createIndicatorStore(pool)),
    textIndex: guard(createTextIndex(pool)),
    similarEvents: guard(createSimilarEvents(pool)),
    documents: guard(createDocumentStore(mysql)),
    closings: guard(createClosingStore(pool)),
    statistics: guard(createStatisticsStore(pool)),
    modelHealth: guard(createModelHealthStore(pool)),
    months: guard(createMonthStore(mysql)),
    voiceCalls: guard(createVoiceCallStore(pool, budgets)),
    ...createPeopleStores(pool, budgets, guard),
  }
}
