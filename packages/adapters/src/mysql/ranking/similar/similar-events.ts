import type { SimilarEventsLookup } from '@engineer-chat/chat/ranking'
import type { Pool } from 'mysql2/promise'
import { findSimilarities } from './find-similarities.ts'

export const createSimilarEvents = (pool: Pool): SimilarEventsLookup => ({
  findSimilarities: (reader, event_id) => findSimilarities(pool, reader, event_id),
})
