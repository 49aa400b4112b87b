import { sql } from 'drizzle-orm'
import { queryRows, type Statement, type TableRow, type Tx, toDatabase, toWrite } from '../core/index.ts'
import { textPostings } from '../schema/index.ts'
import {
  fromTermColumn,
  type HashedTerms,
  packPosting,
  removePostings,
  type TermHash,
  toBlock,
  toTermColumn,
} from './pack.ts'

/** One statement names at most this many rows, so that it fits into a packet. */
const STATEMENT_ROWS = 500

/** Holds an entry with its terms. `length` is the sum of their frequencies. */
export interface HashedEntry {
  /** Holds the entry's number within its scope. */
  entry: number
  terms: HashedTerms
  length: number
}

/** Says how often an entry contains a term. `length` is the entry's length in terms. */
interface Posting {
  entry: number
  frequency: number
  length: number
}

/** Names a row of `text_postings`, with the postings that are added to it or removed from it. */
interface ChangedRow {
  term: TermHash
  block: number
  postings: Posting[]
}

/** Adds new entries to the ends of their rows, without reading them. The rows have no posting of these entries. */
export function addToPostings(tx: Tx, scope_id: number, entries: HashedEntry[]): Statement[] {
  const db = toDatabase(tx)
  return [...toChunks(groupByRow(entries))].map((rows) => {
    const added = rows.map(({ term, block, postings }) => ({
      scope_id,
      term: toTermColumn(term),
      block,
      postings: Buffer.concat(postings.map(({ entry, frequency, length }) => packPosting(entry, frequency, length))),
    }))
    const append = sql`CONCAT(${textPostings.postings}, VALUES(${textPostings.postings}))`
    return toWrite(
      db
        .insert(textPostings)
        .values(added)
        .onDuplicateKeyUpdate({ set: { postings: append } }),
    )
  })
}

/** Removes entries, and rows that have no other entry. It takes at most three statements for each chunk of rows. */
export async function removeFromPostings(tx: Tx, scope_id: number, entries: HashedEntry[]): Promise<void> {
  const db = toDatabase(tx)
  for (const rows of toChunks(groupByRow(entries))) {
    const stored = await readRows(tx, scope_id, rows)
    const changed = rows.flatMap(({ term, block, postings }) => {
      const before = stored.get(toKey(term, block))
      if (before === undefined) return []
      const removed = postings.map(({ entry }) => entry)
      return [{ scope_id, term: toTermColumn(term), block, postings: removePostings(before, removed) }]
    })
    const [kept, emptied] = [changed.filter(hasPostings), changed.filter((row) => !hasPostings(row))]
    if (kept.length > 0) {
      await db
        .insert(textPostings)
        .values(kept)
        .onDuplicateKeyUpdate({ set: { postings: sql`VALUES(${textPostings.postings})` } })
    }
    if (emptied.length > 0) {
      await tx.query('DELETE FROM text_postings WHERE scope_id = ? AND (term, block) IN (?)', [
        scope_id,
        emptied.map(({ term, block }) => [term, block]),
      ])
    }
  }
}

const hasPostings = ({ postings }: { postings: Buffer }): boolean => postings.length > 0

const toKey = (term: TermHash, block: number): string => `${term} ${block}`

function groupByRow(entries: HashedEntry[]): ChangedRow[] {
  const rows = new Map<string, ChangedRow>()
  for (const { entry, terms, length } of entries) {
    const block = toBlock(entry)
    for (const [term, frequency] of terms) {
      const key = toKey(term, block)
      const row = rows.get(key) ?? { term, block, postings: [] }
      rows.set(key, row)
      row.postings.push({ entry, frequency, length })
    }
  }
  // All writers lock rows in the same order, so no deadlock arises. Neighbouring rows are written together.
  return [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
}

function* toChunks(rows: ChangedRow[]): Generator<ChangedRow[]> {
  for (let start = 0; start < rows.length; start += STATEMENT_ROWS) yield rows.slice(start, start + STATEMENT_ROWS)
}

async function readRows(tx: Tx, scope_id: number, rows: ChangedRow[]): Promise<Map<string, Buffer>> {
  const stored = await queryRows<Pick<TableRow<typeof textPostings>, 'term' | 'block' | 'postings'>>(
    tx,
    'SELECT term, block, postings FROM text_postings WHERE scope_id = ? AND (term, block) IN (?)',
    [scope_id, rows.map(({ term, block }) => [toTermColumn(term), block])],
  )
  return new Map(stored.map(({ term, block, postings }) => [toKey(fromTermColumn(term), block), postings]))
}
