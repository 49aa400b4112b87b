import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { EventFactsCache } from '@engineer-chat/chat/events'
import type { Stores } from '@engineer-chat/chat/stores'
import { createMessageStore } from './asking/index.ts'
import { type Mysql, translateErrors } from './core/index.ts'
import { findEvent } from './events/index.ts'
import { createModelHealthStore, createStatisticsStore } from './operations/index.ts'
import { createPeopleStores } from './people-stores.ts'
import { createSourceStore } from './prompting/index.ts'
import { createDeadLetterStore, createReplyStore, createWaitStore } from './replying/index.ts'
import { createReviewStore } from './reviews/index.ts'
import { createIndicatorStore, createPinStore, createTimeline } from './rooms/index.ts'
import { createVoiceCallStore } from './voice/index.ts'

interface StoresOptions {
  budgets?: BudgetLimits
  /** Without the cache, the facts of an event are read anew for each prompt. */
  facts?: EventFactsCache | undefined
}

/** Opens all stores on a migrated database. */
export function createMysqlStores({ pool }: Mysql, { budgets = {}, facts }: StoresOptions = {}): Stores {
  return {
    messages: translateErrors(createMessageStore(pool, budgets)),
    replies: translateErrors(createReplyStore(pool, budgets, facts)),
    waits: translateErrors(createWaitStore(pool)),
    sources: translateErrors(createSourceStore(pool, facts)),
    reviews: translateErrors(createReviewStore(pool)),
    deadLetters: translateErrors(createDeadLetterStore(pool)),
    timeline: translateErrors(createTimeline(pool, findEvent)),
    pins: translateErrors(createPinStore(pool)),
    indicators: translateErrors(createIndicatorStore(pool)),
    statistics: translateErrors(createStatisticsStore(pool)),
    modelHealth: translateErrors(createModelHealthStore(pool)),
    voiceCalls: translateErrors(createVoiceCallStore(pool, budgets)),
    ...createPeopleStores(pool, budgets),
  }
}
