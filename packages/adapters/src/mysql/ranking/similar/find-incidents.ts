import { EVERY_PERSON, listIncidents } from '@engineer-chat/chat/ranking'
import type { SimilarIncident } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { findSimilarities } from './find-similarities.ts'

/** Finds other events for a prompt. It leaves out events and summaries that came after the question. */
export async function findIncidents(
  pool: Pool,
  { event_id, limit, asked_at }: { event_id: string; limit: number; asked_at: string },
): Promise<SimilarIncident[]> {
  if (limit === 0) return []
  return listIncidents(await findSimilarities(pool, EVERY_PERSON, event_id, asked_at), limit)
}
