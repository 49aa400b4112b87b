import type { TextIndex, TextRules } from '@engineer-chat/chat/ranking'
import { and, asc, eq, gt, isNull, or } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import {
  BEGIN,
  createRead,
  createWrite,
  runTogether,
  runWrites,
  type Statement,
  type TableRow,
  type Tx,
  toDatabase,
} from '../core/index.ts'
import { type RoomProgress, type RoomReader, resetIfEventExists } from '../rooms/index.ts'
import { events, summaries, textScopes } from '../schema/index.ts'
import { createReplacement, replaceEntries } from './replace-entries.ts'
import { addScope, clearScope, EVENTS_SCOPE, lockScope, selectScopeForUpdate, toRoomScope } from './scopes.ts'

/**
 * Lists rooms with changes that no worker has read. It compares one small row of each event. Only rooms that changed in
 * the last seconds are behind, or all rooms after an upgrade.
 */
export async function listRoomsBehind(pool: Pool, limit: number): Promise<string[]> {
  const behind = await toDatabase(pool)
    .select({ event_id: events.event_id })
    .from(events)
    .leftJoin(textScopes, and(eq(textScopes.kind, 'room'), eq(textScopes.event_id, events.event_id)))
    .where(or(isNull(textScopes.event_version), gt(events.seq, textScopes.seq)))
    .limit(limit)
  return behind.map(({ event_id }) => event_id)
}

export async function listFollowedRooms(
  pool: Pool,
  { after, limit }: Parameters<TextIndex['listFollowedRooms']>[0],
): Promise<string[]> {
  const rooms = await toDatabase(pool)
    .select({ event_id: textScopes.event_id })
    .from(textScopes)
    .where(and(eq(textScopes.kind, 'room'), gt(textScopes.event_id, after)))
    .orderBy(asc(textScopes.event_id))
    .limit(limit)
  return rooms.map(({ event_id }) => event_id)
}

export const resetRoom = (pool: Pool, event_id: string): Promise<boolean> =>
  resetIfEventExists(pool, event_id, async (tx) => clearScope(tx, await lockScope(tx, toRoomScope(event_id))))

export const createTextReader = (event_id: string, rules: TextRules): RoomReader<TextProgress> => ({
  async begin(tx) {
    const scope = toRoomScope(event_id)
    const [, scope_id, progress] = await runTogether(tx, [BEGIN, selectScopeForUpdate(scope), selectProgress(event_id)])
    if (scope_id !== undefined) return progress
    await addScope(tx, scope)
    const [added] = await runTogether(tx, [selectProgress(event_id)])
    return added
  },
  isBehind: ({ seq, readSeq, event_version }) => seq > readSeq || event_version === null,
  async replaceRows(tx, rows, progress) {
    const { scope_id, event_version } = progress
    const texts = new Map(rows.map((row) => [row.message.position, rules.indexRow(row)]))
    const writes = await createReplacement(tx, scope_id, texts)
    const isEventChanged = event_version !== toEventVersion(progress) || rows.some(rules.isReportChange)
    if (!isEventChanged) return writes
    await runWrites(tx, writes)
    return replaceEvent(tx, event_id, scope_id, rules)
  },
  createProgressWrite: (seq, progress) =>
    createWrite('UPDATE text_scopes SET seq = ?, event_version = ?, updated_at = NOW(3) WHERE scope_id = ?', [
      seq,
      toEventVersion(progress),
      progress.scope_id,
    ]),
})

type TextProgress = RoomProgress &
  Pick<TableRow<typeof textScopes>, 'scope_id' | 'event_version'> &
  Pick<TableRow<typeof events>, 'summary_version'>

const selectProgress = (event_id: string): Statement<TextProgress | undefined> =>
  createRead<TextProgress, TextProgress | undefined>(
    `SELECT e.seq, s.seq AS readSeq, s.scope_id, e.summary_version, s.event_version FROM events e
     JOIN text_scopes s ON s.kind = 'room' AND s.event_id = e.event_id WHERE e.event_id = ?`,
    [event_id],
    ([progress]) => progress,
  )

const toEventVersion = ({ summary_version }: TextProgress): string => summary_version ?? ''

/** Locks the scope of all events last, so that it is locked for a few writes only. */
async function replaceEvent(tx: Tx, event_id: string, scope_id: number, rules: TextRules): Promise<Statement[]> {
  const { event_name, message, context } = events
  const [event] = await toDatabase(tx)
    .select({ event_name, message, context, event_summary: summaries.event_summary })
    .from(events)
    .leftJoin(summaries, and(eq(summaries.event_id, events.event_id), eq(summaries.version, events.summary_version)))
    .where(eq(events.event_id, event_id))
  if (!event) return []
  const text = rules.indexEvent(event)
  const eventsScope = await lockScope(tx, EVENTS_SCOPE)
  return createReplacement(tx, eventsScope, new Map([[scope_id, text]]))
}

/**
 * Removes messages from the index, in the transaction in which the caller removes their rows. A worker that has read
 * them holds the scope's lock until its commit. A worker that gets the lock later does not find them.
 */
export async function removeFromIndex(tx: Tx, event_id: string, positions: number[]): Promise<void> {
  const scope_id = await lockScope(tx, toRoomScope(event_id))
  await replaceEntries(tx, scope_id, new Map(positions.map((position) => [position, undefined])))
}
