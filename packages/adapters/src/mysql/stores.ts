import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { EventFactsCache } from '@engineer-chat/chat/events'
import type { Stores } from '@engineer-chat/chat/stores'
import { createMessageStore } from './asking/index.ts'
import { type Mysql, translateErrors } from './core/index.ts'
import { createClosedEventStore, createDocumentStore } from './documents/index.ts'
import { findEvent } from './events/index.ts'
import { createModelHealthStore, createMonthStore, createStatisticsStore } from './operations/index.ts'
import { createPeopleStores } from './people-stores.ts'
import { createLabelStore, createSourceStore } from './prompting/index.ts'
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
  const withStoreErrors = <S extends object>(store: S): S => translateErrors(store, diskFull.note)
  return {
    messages: withStoreErrors(createMessageStore(pool, budgets)),
    replies: withStoreErrors(createReplyStore(pool, budgets, facts)),
    waits: withStoreErrors(createWaitStore(pool)),
    sources: withStoreErrors(createSourceStore(pool, facts)),
    labels: withStoreErrors(createLabelStore(pool)),
    reviews: withStoreErrors(createReviewStore(pool)),
    deadLetters: withStoreErrors(createDeadLetterStore(pool)),
    timeline: withStoreErrors(createTimeline(pool, findEvent)),
    pins: withStoreErrors(createPinStore(pool)),
    indicators: withStoreErrors(createIndicatorStore(pool)),
    textIndex: withStoreErrors(createTextIndex(pool)),
    similarEvents: withStoreErrors(createSimilarEvents(pool)),
    documents: withStoreErrors(createDocumentStore(mysql)),
    closedEvents: withStoreErrors(createClosedEventStore(pool)),
    statistics: withStoreErrors(createStatisticsStore(pool)),
    modelHealth: withStoreErrors(createModelHealthStore(pool)),
    months: withStoreErrors(createMonthStore(mysql)),
    voiceCalls: withStoreErrors(createVoiceCallStore(pool, budgets)),
    ...createPeopleStores(pool, budgets, withStoreErrors),
  }
}
