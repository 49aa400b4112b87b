import { MESSAGE_FIT, type MessageQuery, type RankedMessage } from '@engineer-chat/chat/ranking'
import type { Pool } from 'mysql2/promise'
import { rankScopes } from './rank-scopes.ts'

export async function rankMessages(
  pool: Pool,
  { event_id, text, beforePosition, limit }: MessageQuery,
): Promise<RankedMessage[]> {
  const query = { kind: 'room' as const, event_ids: [event_id], text, before: beforePosition, limit, fit: MESSAGE_FIT }
  const ranked = await rankScopes(pool, query)
  return ranked.map(({ entry, ...rank }) => ({ position: entry, ...rank }))
}
