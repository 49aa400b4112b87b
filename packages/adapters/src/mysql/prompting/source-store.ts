import type { EventFactsCache } from '@engineer-chat/chat/events'
import type { SourceStore } from '@engineer-chat/chat/prompting'
import type { Pool } from 'mysql2/promise'
import { findCurrentContext } from './reply-context.ts'

export const createSourceStore = (pool: Pool, facts?: EventFactsCache): SourceStore => ({
  findContext: (asked, scope) => findCurrentContext({ pool, facts }, asked, scope),
})
