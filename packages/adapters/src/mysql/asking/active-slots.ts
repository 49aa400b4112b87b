import { ACTIVE_SLOTS, type SlotChanges } from '@engineer-chat/chat/asking'
import { and, eq, inArray } from 'drizzle-orm'
import { createWrite, type Statement, type Tx, toDatabase } from '../core/index.ts'
import { chatSessions } from '../schema/index.ts'

/**
 * Returns SQL that is true for an active session. `name` is the name or the alias of `chat_sessions` in the query. A
 * session with slot 2 is not active if a node of the previous version gave slot 1 to one of the same visibility.
 */
export const isActiveSession = (name: 's' | 'chat_sessions'): string =>
  `(${name}.active_slot = 1 OR (${name}.active_slot = 2 AND NOT EXISTS (
    SELECT 1 FROM chat_sessions same WHERE same.event_id = ${name}.event_id AND same.user_id = ${name}.user_id
      AND same.active_slot = 1 AND same.visibility = ${name}.visibility)))`

export const SLOT_COLUMNS = {
  session_id: chatSessions.session_id,
  visibility: chatSessions.visibility,
  active_slot: chatSessions.active_slot,
}

/** Selects a user's sessions in an event that have a slot. The caller holds the room's lock, so they do not change. */
export function selectSessionsWithSlot(tx: Tx, event_id: string, user_id: string) {
  return toDatabase(tx)
    .select(SLOT_COLUMNS)
    .from(chatSessions)
    .where(
      and(
        eq(chatSessions.event_id, event_id),
        eq(chatSessions.user_id, user_id),
        inArray(chatSessions.active_slot, [...ACTIVE_SLOTS]),
      ),
    )
}

/** Empties the slots that change. It runs before `fillSlots`, because a unique key admits one session per slot. */
export function emptySlots(changes: SlotChanges): Statement[] {
  if (changes.size === 0) return []
  const sql = 'UPDATE chat_sessions FORCE INDEX (PRIMARY) SET active_slot = NULL WHERE session_id IN (?)'
  return [createWrite(sql, [[...changes.keys()]])]
}

export function fillSlots(changes: SlotChanges): Statement[] {
  const groups = Map.groupBy(changes, ([, slot]) => slot)
  return ACTIVE_SLOTS.flatMap((slot) => {
    const session_ids = groups.get(slot)?.map(([session_id]) => session_id) ?? []
    const sql = 'UPDATE chat_sessions FORCE INDEX (PRIMARY) SET active_slot = ? WHERE session_id IN (?)'
    return session_ids.length > 0 ? [createWrite(sql, [slot, session_ids])] : []
  })
}
