import {
  type RankedEntry,
  type RelevanceLimits,
  rankEntries,
  restrictToEntries,
  type ScopeStats,
  weighTerms,
} from '@engineer-chat/chat/ranking'
import type { RankingQuery } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { createRead, runTogether, type Statement, type TableRow } from '../core/index.ts'
import type { textPostings, textScopes } from '../schema/index.ts'
import { fromTermColumn, hashTerm, readPostings, type TermHash, toBlock, toTermColumn } from './pack.ts'
import type { Scope } from './scopes.ts'

/** A search in a large room reads only this many of each term's newest blocks. They cover at least 31 × 1,024 entries. */
const MAX_BLOCKS = 32
/** Every entry's number is below this one. */
export const ABOVE_ALL_ENTRIES = 2 ** 32

type Kind = Scope['kind']

export interface ScopesQuery {
  /** All scopes of a query have one kind, and are ranked as if they were one scope. */
  kind: Kind
  /** Names the events of the scopes. An empty text stands for everybody's documents, or for the scope of all events. */
  event_ids: string[]
  /** Only entries with a lower number are ranked. */
  beforeEntry: number
  limit: number
  /** Sets how relevant an entry must be. */
  relevanceLimits: RelevanceLimits
  /** If given, only these entries are ranked and counted. */
  onlyEntries?: ReadonlySet<number>
}

/** Ranks what its statements read. The caller runs the statements, alone or together with other reads. */
export interface Ranking {
  statements: readonly [Statement<StatsRow[]> | undefined, Statement<Block[]> | undefined]
  /** Returns the ranked entries of each query. */
  rank(stats: StatsRow[] | undefined, blocks: Block[] | undefined): RankedEntry[][]
}

/**
 * Ranks several kinds of scopes by one text. Two statements read all of them, and the ranking is done here, because
 * MySQL would need a temporary table for it.
 */
export function planRanking(text: RankingQuery, queries: readonly ScopesQuery[]): Ranking {
  const activeQueries = queries.filter(({ limit }) => limit > 0)
  const terms = activeQueries.length === 0 ? [] : weighTerms(text)
  if (terms.length === 0) return { statements: [undefined, undefined], rank: () => queries.map(() => []) }
  const hashes = terms.map(({ term }) => hashTerm(term))
  const rankQuery = (
    { kind, beforeEntry, limit, relevanceLimits, onlyEntries }: ScopesQuery,
    stats: StatsRow[],
    allBlocks: Block[],
  ) => {
    const blocks = Map.groupBy(
      allBlocks.filter((block) => block.kind === kind),
      (block) => fromTermColumn(block.term),
    )
    const postings = terms.map(({ term, questionWeight }, index) => ({
      ...readPostings(term, blocks.get(hashes[index] ?? '') ?? [], beforeEntry),
      questionWeight,
    }))
    if (!onlyEntries) return rankEntries(sumStats(stats, kind), postings, limit, relevanceLimits)
    const kept = restrictToEntries(postings, onlyEntries)
    return rankEntries(kept.stats, kept.terms, limit, relevanceLimits)
  }
  return {
    statements: [selectStats(activeQueries), selectBlocks(activeQueries, hashes)],
    rank: (stats = [], blocks = []) =>
      queries.map((query) => (query.limit === 0 ? [] : rankQuery(query, stats, blocks))),
  }
}

export async function rankScopes(pool: Pool, text: RankingQuery, query: ScopesQuery): Promise<RankedEntry[]> {
  const { statements, rank } = planRanking(text, [query])
  const [ranked = []] = rank(...(await runTogether(pool, statements)))
  return ranked
}

type StatsRow = Pick<TableRow<typeof textScopes>, 'kind' | 'entries' | 'total_length'>

const sumStats = (rows: StatsRow[], kind: Kind): ScopeStats =>
  rows
    .filter((row) => row.kind === kind)
    .reduce(
      (sum, { entries, total_length }) => ({
        entryCount: sum.entryCount + entries,
        totalLength: sum.totalLength + total_length,
      }),
      { entryCount: 0, totalLength: 0 },
    )

const selectStats = (queries: readonly ScopesQuery[]): Statement<StatsRow[]> =>
  createRead<StatsRow, StatsRow[]>(
    `SELECT kind, entries, total_length FROM text_scopes
     WHERE ${queries.map(() => '(kind = ? AND event_id IN (?))').join(' OR ')}`,
    queries.flatMap(({ kind, event_ids }) => [kind, event_ids]),
    (rows) => rows,
  )

type Block = Pick<TableRow<typeof textPostings>, 'term' | 'block' | 'postings'> & { kind: Kind }

/**
 * Bounds what is read of a scope of documents or events, which are fewer than messages: 128 blocks of each of 32 terms.
 * A room that is read by the same statement has at most 32 blocks of each term.
 */
const MAX_ROWS = 4_096

const SELECT_ALL = `(SELECT s.kind, p.term, p.block, p.postings FROM text_scopes s
   JOIN text_postings p ON p.scope_id = s.scope_id AND p.term IN (?) AND p.block <= ?
   WHERE s.kind = ? AND s.event_id = ? LIMIT ${MAX_ROWS})`

const SELECT_NEWEST = `(SELECT s.kind, p.term, p.block, p.postings FROM text_scopes s
   JOIN text_postings p ON p.scope_id = s.scope_id AND p.term = ? AND p.block <= ?
   WHERE s.kind = ? AND s.event_id IN (?) ORDER BY p.block DESC LIMIT ${MAX_BLOCKS})`

/** One statement for all terms costs much less than one for each, but cannot limit the blocks of each. */
function selectBlocks(queries: readonly ScopesQuery[], hashes: TermHash[]): Statement<Block[]> {
  const terms = hashes.map(toTermColumn)
  const parts = queries.flatMap(({ kind, event_ids, beforeEntry }): Array<Pick<Statement, 'sql' | 'values'>> => {
    const lastBlock = toBlock(beforeEntry - 1)
    return kind !== 'room' || lastBlock < MAX_BLOCKS
      ? event_ids.map((event_id) => ({ sql: SELECT_ALL, values: [terms, lastBlock, kind, event_id] }))
      : terms.map((term) => ({ sql: SELECT_NEWEST, values: [term, lastBlock, kind, event_ids] }))
  })
  return createRead<Block, Block[]>(
    parts.map(({ sql }) => sql).join(' UNION ALL '),
    parts.flatMap(({ values }) => values),
    (rows) => rows,
  )
}
