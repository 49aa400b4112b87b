import type { IndexedText } from '@engineer-chat/chat/ranking'
import { and, eq, inArray } from 'drizzle-orm'
import { createWrite, runWrites, type Statement, type Tx, toDatabase, toWrite } from '../core/index.ts'
import { textEntries } from '../schema/index.ts'
import { hashTerm, packTerms, unpackTerms } from './pack.ts'
import { addToPostings, type HashedEntry, removeFromPostings } from './postings.ts'

type Texts = Map<number, IndexedText | undefined>

/**
 * Replaces entries of a scope, whose lock the caller has. An entry without a text is removed, and one whose terms are
 * the same as before stays as it is.
 */
export const replaceEntries = async (tx: Tx, scope_id: number, texts: Texts): Promise<void> =>
  runWrites(tx, await createReplacement(tx, scope_id, texts))

/** Reads the entries, removes the postings that change, and returns the other writes that replace the entries. */
export async function createReplacement(tx: Tx, scope_id: number, texts: Texts): Promise<Statement[]> {
  if (texts.size === 0) return []
  const stored = await readEntries(tx, scope_id, [...texts.keys()])
  const added: HashedEntry[] = []
  for (const [entry, text] of texts) {
    if (!text || text.length === 0) continue
    const hashed = { entry, terms: hashTerms(text), length: text.length }
    const before = stored.get(entry)
    // An entry with the same terms is neither removed nor added.
    if (before?.equals(packTerms(hashed.terms))) stored.delete(entry)
    else added.push(hashed)
  }
  const removed = [...stored].map(([entry, packed]) => unpackEntry(entry, packed))
  await removeFromPostings(tx, scope_id, removed)
  return [
    ...addToPostings(tx, scope_id, added),
    ...storeEntries(tx, scope_id, removed, added),
    ...addToStats(scope_id, removed, added),
  ]
}

const hashTerms = ({ terms }: IndexedText) =>
  new Map([...terms].map(([term, frequency]) => [hashTerm(term), frequency] as const))

function unpackEntry(entry: number, packed: Buffer): HashedEntry {
  const terms = unpackTerms(packed)
  return { entry, terms, length: [...terms.values()].reduce((sum, frequency) => sum + frequency, 0) }
}

async function readEntries(tx: Tx, scope_id: number, entries: number[]): Promise<Map<number, Buffer>> {
  const rows = await toDatabase(tx)
    .select({ entry: textEntries.entry, terms: textEntries.terms })
    .from(textEntries)
    .where(and(eq(textEntries.scope_id, scope_id), inArray(textEntries.entry, entries)))
  return new Map(rows.map(({ entry, terms }) => [entry, terms]))
}

function storeEntries(tx: Tx, scope_id: number, removed: HashedEntry[], added: HashedEntry[]): Statement[] {
  const db = toDatabase(tx)
  const writes: Statement[] = []
  if (removed.length > 0) {
    const entries = removed.map(({ entry }) => entry)
    const isRemoved = and(eq(textEntries.scope_id, scope_id), inArray(textEntries.entry, entries))
    writes.push(toWrite(db.delete(textEntries).where(isRemoved)))
  }
  if (added.length > 0) {
    const rows = added.map(({ entry, terms }) => ({ scope_id, entry, terms: packTerms(terms) }))
    writes.push(toWrite(db.insert(textEntries).values(rows)))
  }
  return writes
}

function addToStats(scope_id: number, removed: HashedEntry[], added: HashedEntry[]): Statement[] {
  const entryDifference = added.length - removed.length
  const lengthDifference = addLengths(added) - addLengths(removed)
  if (entryDifference === 0 && lengthDifference === 0) return []
  return [
    createWrite(
      `UPDATE text_scopes SET entries = CAST(entries AS SIGNED) + ?, total_length = CAST(total_length AS SIGNED) + ?,
         updated_at = NOW(3) WHERE scope_id = ?`,
      [entryDifference, lengthDifference, scope_id],
    ),
  ]
}

const addLengths = (entries: HashedEntry[]): number => entries.reduce((sum, { length }) => sum + length, 0)
