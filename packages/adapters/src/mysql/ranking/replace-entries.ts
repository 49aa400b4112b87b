import type { IndexedText } from '@engineer-chat/chat/ranking'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { NOW, type Tx, toDatabase } from '../core/index.ts'
import { textEntries, textScopes } from '../schema/index.ts'
import { hashTerm, packTerms, unpackTerms } from './pack.ts'
import { addToPostings, type HashedEntry, removeFromPostings } from './postings.ts'

/**
 * Replaces entries of a scope, whose lock the caller has. An entry without a text is removed, and one whose terms are
 * the same as before stays as it is.
 */
export async function replaceEntries(
  tx: Tx,
  scope_id: number,
  texts: Map<number, IndexedText | undefined>,
): Promise<void> {
  if (texts.size === 0) return
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
  await addToPostings(tx, scope_id, added)
  await storeEntries(tx, scope_id, removed, added)
  await addToStats(tx, scope_id, removed, added)
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

async function storeEntries(tx: Tx, scope_id: number, removed: HashedEntry[], added: HashedEntry[]): Promise<void> {
  const db = toDatabase(tx)
  if (removed.length > 0) {
    const entries = removed.map(({ entry }) => entry)
    await db.delete(textEntries).where(and(eq(textEntries.scope_id, scope_id), inArray(textEntries.entry, entries)))
  }
  if (added.length === 0) return
  await db.insert(textEntries).values(added.map(({ entry, terms }) => ({ scope_id, entry, terms: packTerms(terms) })))
}

async function addToStats(tx: Tx, scope_id: number, removed: HashedEntry[], added: HashedEntry[]): Promise<void> {
  const entryDifference = added.length - removed.length
  const lengthDifference = addLengths(added) - addLengths(removed)
  if (entryDifference === 0 && lengthDifference === 0) return
  await toDatabase(tx)
    .update(textScopes)
    .set({
      entries: sql`CAST(${textScopes.entries} AS SIGNED) + ${entryDifference}`,
      total_length: sql`CAST(${textScopes.total_length} AS SIGNED) + ${lengthDifference}`,
      updated_at: NOW,
    })
    .where(eq(textScopes.scope_id, scope_id))
}

const addLengths = (entries: HashedEntry[]): number => entries.reduce((sum, { length }) => sum + length, 0)
