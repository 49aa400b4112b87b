import {
  MESSAGE_RELEVANCE_LIMITS,
  type MessageQuery,
  type RankedEntry,
  type RankedMessage,
} from '@engineer-chat/chat/ranking'
import type { RankingQuery } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { rankScopes, type ScopesQuery } from './rank-scopes.ts'

export async function rankMessages(pool: Pool, query: MessageQuery): Promise<RankedMessage[]> {
  return toRankedMessages(await rankScopes(pool, query, toMessageScopes(query)))
}

export const toRankedMessages = (ranked: RankedEntry[]): RankedMessage[] =>
  ranked.map(({ entry, ...rank }) => ({ position: entry, ...rank }))

export const toMessageScopes = ({
  event_id,
  beforePosition,
  limit,
}: Omit<MessageQuery, keyof RankingQuery>): ScopesQuery => ({
  kind: 'room',
  event_ids: [event_id],
  beforeEntry: beforePosition,
  limit,
  relevanceLimits: MESSAGE_RELEVANCE_LIMITS,
})
