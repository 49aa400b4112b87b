import type { SimilarEvents } from '@engineer-chat/chat/ranking'
import type { Pool } from 'mysql2/promise'
import { findCommonFacts } from './find-common.ts'

export const createSimilarEvents = (pool: Pool): SimilarEvents => ({
  findCommonFacts: (reader, event_id) => findCommonFacts(pool, reader, event_id),
})
