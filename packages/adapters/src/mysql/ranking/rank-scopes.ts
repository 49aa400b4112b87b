import {
  type Fit,
  keepEntries,
  listQueryTerms,
  type RankedEntry,
  rankEntries,
  type ScopeStats,
} from '@engineer-chat/chat/ranking'
import type { Pool } from 'mysql2/promise'
import { createRead, runTogether, type Statement, type TableRow } from '../core/index.ts'
import type { textPostings, textScopes } from '../schema/index.ts'
import { hashTerm, readPostings, toBlock, toTermColumn } from './pack.ts'
import type { Scope } from './scopes.ts'

/** A term counts in the newest blocks that hold it, which are 32,768 entries or more. */
const MAX_BLOCKS = 32
/** No entry has a number this high. */
export const NO_ENTRY = 2 ** 32

interface ScopesQuery {
  /** All have one kind, and are ranked as if they were one scope. */
  kind: Scope['kind']
  event_ids: string[]
  text: string
  before: number
  limit: number
  fit: Fit
  /** If given, all other entries are as if they were not there. */
  known?: ReadonlySet<number>
}

/** Reads the blocks of all terms in one round trip, and ranks here: MySQL would need a temporary table for it. */
export async function rankScopes(
  pool: Pool,
  { kind, event_ids, text, before, limit, fit, known }: ScopesQuery,
): Promise<RankedEntry[]> {
  const terms = listQueryTerms(text)
  if (terms.length === 0) return []
  const scopes = [kind, event_ids]
  const [stats, blocks] = await runTogether(pool, [
    selectStats(scopes),
    selectBlocks(scopes, terms, toBlock(before - 1)),
  ])
  const postings = terms.map((term, index) => readPostings(term, blocks.get(index) ?? [], before))
  if (!known) return rankEntries(stats, postings, limit, fit)
  const kept = keepEntries(postings, known)
  return rankEntries(kept.stats, kept.postings, limit, fit)
}

const selectStats = (scopes: unknown[]): Statement<ScopeStats> =>
  createRead<Pick<TableRow<typeof textScopes>, 'entries' | 'total_length'>, ScopeStats>(
    'SELECT entries, total_length FROM text_scopes WHERE kind = ? AND event_id IN (?)',
    scopes,
    (rows) => ({
      entries: rows.reduce((sum, { entries }) => sum + entries, 0),
      totalLength: rows.reduce((sum, { total_length }) => sum + total_length, 0),
    }),
  )

type Block = Pick<TableRow<typeof textPostings>, 'block' | 'postings'> & { term: number }

const SELECT_TERM = `(SELECT ? AS term, p.block, p.postings FROM text_scopes s
   JOIN text_postings p ON p.scope_id = s.scope_id AND p.term = ? AND p.block <= ?
   WHERE s.kind = ? AND s.event_id IN (?) ORDER BY p.block DESC LIMIT ${MAX_BLOCKS})`

const selectBlocks = (scopes: unknown[], terms: string[], lastBlock: number): Statement<Map<number, Block[]>> =>
  createRead<Block, Map<number, Block[]>>(
    terms.map(() => SELECT_TERM).join(' UNION ALL '),
    terms.flatMap((term, index) => [index, toTermColumn(hashTerm(term)), lastBlock, ...scopes]),
    (rows) => Map.groupBy(rows, ({ term }) => term),
  )
