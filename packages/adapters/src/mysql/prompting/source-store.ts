import type { EventFactsCache } from '@engineer-chat/chat/events'
import type { SourceStore } from '@engineer-chat/chat/prompting'
import type { Pool } from 'mysql2/promise'
import { createSharedRoundTrips } from '../core/index.ts'
import { findCurrentContext } from './reply-context.ts'

export function createSourceStore(pool: Pool, facts?: EventFactsCache): SourceStore {
  const send = createSharedRoundTrips(pool)
  return { findContext: (asked, limits) => findCurrentContext({ pool, send, facts }, asked, limits) }
}
