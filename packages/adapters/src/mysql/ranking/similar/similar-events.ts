import type { SimilarEvents } from '@engineer-chat/chat/ranking'
import type { Pool } from 'mysql2/promise'
import { findCommon } from './find-common.ts'

export const createSimilarEvents = (pool: Pool): SimilarEvents => ({
  findCommon: (reader, event_id) => findCommon(pool, reader, event_id),
})
