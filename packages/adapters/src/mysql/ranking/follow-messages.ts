import type { TextIndex, TextRules } from '@engineer-chat/chat/ranking'
import { and, asc, eq, gt, isNull, or } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { NOW, type Tx, toDatabase, transaction } from '../core/index.ts'
import type { RoomProgress, RoomReader } from '../rooms/index.ts'
import { events, summaries, textScopes } from '../schema/index.ts'
import { replaceEntries } from './replace-entries.ts'
import { clearScope, EVENTS_SCOPE, lockScope, toRoomScope } from './scopes.ts'

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

export async function listReadRooms(
  pool: Pool,
  { after, limit }: Parameters<TextIndex['listReadRooms']>[0],
): Promise<string[]> {
  const rooms = await toDatabase(pool)
    .select({ event_id: textScopes.event_id })
    .from(textScopes)
    .where(and(eq(textScopes.kind, 'room'), gt(textScopes.event_id, after)))
    .orderBy(asc(textScopes.event_id))
    .limit(limit)
  return rooms.map(({ event_id }) => event_id)
}

export const resetRoom = (pool: Pool, event_id: string): Promise<void> =>
  transaction(pool, async (tx) => clearScope(tx, await lockScope(tx, toRoomScope(event_id))))

export const createTextReader = (event_id: string, rules: TextRules): RoomReader<TextProgress> => ({
  lock: async (tx) => void (await lockScope(tx, toRoomScope(event_id))),
  async findProgress(tx) {
    const [room] = await toDatabase(tx)
      .select({
        seq: events.seq,
        readSeq: textScopes.seq,
        scope_id: textScopes.scope_id,
        summary_version: events.summary_version,
        event_version: textScopes.event_version,
      })
      .from(events)
      .innerJoin(textScopes, and(eq(textScopes.kind, 'room'), eq(textScopes.event_id, events.event_id)))
      .where(eq(events.event_id, event_id))
    return room
  },
  isBehind: ({ seq, readSeq, event_version }) => seq > readSeq || event_version === null,
  async replaceRows(tx, rows, progress) {
    const { scope_id, event_version } = progress
    await replaceEntries(tx, scope_id, new Map(rows.map((row) => [row.message.position, rules.indexRow(row)])))
    const isChanged = event_version !== toEventVersion(progress) || rows.some(rules.isReportChange)
    if (isChanged) await replaceEvent(tx, event_id, scope_id, rules)
  },
  async storeProgress(tx, seq, progress) {
    await toDatabase(tx)
      .update(textScopes)
      .set({ seq, event_version: toEventVersion(progress), updated_at: NOW })
      .where(eq(textScopes.scope_id, progress.scope_id))
  },
})

interface TextProgress extends RoomProgress {
  scope_id: number
  summary_version: string | null
  event_version: string | null
}

const toEventVersion = ({ summary_version }: TextProgress): string => summary_version ?? ''

/** Locks the scope of all events last, so that it is locked for a few writes only. */
async function replaceEvent(tx: Tx, event_id: string, scope_id: number, rules: TextRules): Promise<void> {
  const { event_name, message, context } = events
  const [event] = await toDatabase(tx)
    .select({ event_name, message, context, event_summary: summaries.event_summary })
    .from(events)
    .leftJoin(summaries, and(eq(summaries.event_id, events.event_id), eq(summaries.version, events.summary_version)))
    .where(eq(events.event_id, event_id))
  if (!event) return
  const text = rules.indexEvent(event)
  const eventsScope = await lockScope(tx, EVENTS_SCOPE)
  await replaceEntries(tx, eventsScope, new Map([[scope_id, text]]))
}

/**
 * Removes messages from the index, in the transaction in which the caller removes their rows. A worker that has read
 * the messages has committed before, or it reads afterwards and does not find them.
 */
export async function removeFromIndex(tx: Tx, event_id: string, positions: number[]): Promise<void> {
  const scope_id = await lockScope(tx, toRoomScope(event_id))
  await replaceEntries(tx, scope_id, new Map(positions.map((position) => [position, undefined])))
}
