import { listQueryTerms, type MessageQuery, type RankedMessage, rankEntries } from '@engineer-chat/chat/ranking'
import type { Pool } from 'mysql2/promise'
import { createRead, runTogether, type Statement, type TableRow } from '../core/index.ts'
import type { textPostings, textScopes } from '../schema/index.ts'
import { hashTerm, readPostings, toBlock, toTermColumn } from './pack.ts'

/** A term counts in the newest blocks that hold it, which are 32,768 messages or more. */
const MAX_BLOCKS = 32

/** Reads the blocks of all terms in one round trip, and ranks here: MySQL would need a temporary table for it. */
export async function rankMessages(
  pool: Pool,
  { event_id, text, beforePosition, limit }: MessageQuery,
): Promise<RankedMessage[]> {
  const terms = listQueryTerms(text)
  if (terms.length === 0) return []
  const [stats, blocks] = await runTogether(pool, [
    selectStats(event_id),
    selectBlocks(event_id, terms, toBlock(beforePosition - 1)),
  ])
  if (!stats) return []
  const ranked = rankEntries(
    stats,
    terms.map((_, index) => readPostings(blocks.get(index) ?? [], beforePosition)),
    limit,
  )
  return ranked.map(({ entry, ...rank }) => ({ position: entry, ...rank }))
}

type Stats = Pick<TableRow<typeof textScopes>, 'entries' | 'total_length'>

const selectStats = (event_id: string): Statement<{ entries: number; totalLength: number } | undefined> =>
  createRead<Stats, { entries: number; totalLength: number } | undefined>(
    "SELECT entries, total_length FROM text_scopes WHERE kind = 'room' AND event_id = ?",
    [event_id],
    ([stats]) => stats && { entries: stats.entries, totalLength: stats.total_length },
  )

type Block = Pick<TableRow<typeof textPostings>, 'block' | 'postings'> & { term: number }

const SELECT_TERM = `(SELECT ? AS term, p.block, p.postings FROM text_scopes s
   JOIN text_postings p ON p.scope_id = s.scope_id AND p.term = ? AND p.block <= ?
   WHERE s.kind = 'room' AND s.event_id = ? ORDER BY p.block DESC LIMIT ${MAX_BLOCKS})`

const selectBlocks = (event_id: string, terms: string[], lastBlock: number): Statement<Map<number, Block[]>> =>
  createRead<Block, Map<number, Block[]>>(
    terms.map(() => SELECT_TERM).join(' UNION ALL '),
    terms.flatMap((term, index) => [index, toTermColumn(hashTerm(term)), lastBlock, event_id]),
    (rows) => Map.groupBy(rows, ({ term }) => term),
  )
