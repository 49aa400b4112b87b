import { eq } from 'drizzle-orm'
import { createRead, NOW, runTogether, type Statement, type Tx, toDatabase } from '../core/index.ts'
import { textEntries, textPostings, textScopes } from '../schema/index.ts'

/** Names a set of entries that are ranked together. */
export type Scope = Pick<typeof textScopes.$inferInsert, 'kind' | 'event_id'>

export const toRoomScope = (event_id: string): Scope => ({ kind: 'room', event_id })

/** Names the documents of an event, or those of everybody. */
export const toDocumentScope = (event_id: string | null): Scope => ({ kind: 'document', event_id: event_id ?? '' })

/** All events are ranked together. The entry of an event has the number of its room's scope. */
export const EVENTS_SCOPE: Scope = { kind: 'event', event_id: '' }

/**
 * Locks the rows of a scope, also of one that has none yet, and returns its id. A transaction that also needs the
 * room's lock takes that one first. Workers take only the scope's lock, so a send never waits for a worker.
 */
export async function lockScope(tx: Tx, scope: Scope): Promise<number> {
  const [found] = await runTogether(tx, [selectScopeForUpdate(scope)])
  return found ?? addScope(tx, scope)
}

export const selectScopeForUpdate = ({ kind, event_id }: Scope): Statement<number | undefined> =>
  createRead<{ scope_id: number }, number | undefined>(
    'SELECT scope_id FROM text_scopes WHERE kind = ? AND event_id = ? FOR UPDATE',
    [kind, event_id],
    ([found]) => found?.scope_id,
  )

/**
 * Adds and locks the row of a scope that was not found. An insert that changes nothing would also use up an id, so a
 * caller looks for the scope first.
 */
export async function addScope(tx: Tx, scope: Scope): Promise<number> {
  await toDatabase(tx)
    .insert(textScopes)
    .values(scope)
    .onDuplicateKeyUpdate({ set: { event_id: scope.event_id } })
  const [added] = await runTogether(tx, [selectScopeForUpdate(scope)])
  if (added === undefined) throw new Error('A scope was removed while it was locked.')
  return added
}

/** Removes all entries of a scope whose lock the caller has. */
export async function clearScope(tx: Tx, scope_id: number): Promise<void> {
  const db = toDatabase(tx)
  await db.delete(textPostings).where(eq(textPostings.scope_id, scope_id))
  await db.delete(textEntries).where(eq(textEntries.scope_id, scope_id))
  await db
    .update(textScopes)
    .set({ seq: 0, event_version: null, entries: 0, total_length: 0, updated_at: NOW })
    .where(eq(textScopes.scope_id, scope_id))
}
