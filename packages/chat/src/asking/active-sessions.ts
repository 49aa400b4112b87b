import type { Visibility } from '@engineer-chat/protocol'

/** Slot 1 belongs to the active session that was used last, slot 2 to the active session with the other visibility. */
export type ActiveSlot = 1 | 2

/** Lists the slots in the order in which `findActiveSession` searches them. */
export const ACTIVE_SLOTS: readonly ActiveSlot[] = [1, 2]

interface SlottedSession {
  session_id: string
  visibility: Visibility
  /** Null means that the session is not active. */
  active_slot: ActiveSlot | null
}

/** Maps the id of each session whose slot changes to its new slot. Null means that the session loses its slot. */
export type SlotChanges = Map<string, ActiveSlot | null>

/**
 * Finds the active session with a visibility among one user's sessions in one event. If the visibility is null, it
 * finds the active session that was used last. A node of an earlier version knows only slot 1, so it may leave two
 * active sessions with the same visibility. Then this function finds the session in slot 1.
 */
export const findActiveSession = <S extends SlottedSession>(
  sessions: readonly S[],
  visibility: Visibility | null,
): S | undefined =>
  listActiveBySlot(sessions).find((session) => visibility === null || session.visibility === visibility)

/**
 * Plans the slots of one user's sessions in one event after one of them was used. The used session gets slot 1. If
 * there is an active session with the other visibility, it gets slot 2. All other sessions lose their slots.
 * `sessions` need not contain the used session.
 */
export function planSlotsAfterUse(sessions: readonly SlottedSession[], used: SlottedSession): SlotChanges {
  const others = omitSession(sessions, used)
  const otherActive = findActiveSession(others, used.visibility === 'private' ? 'room' : 'private')
  return assignSlots([...others, used], otherActive ? [used, otherActive] : [used])
}

/**
 * Plans the slots of one user's sessions in one event after a private session was shared. The shared session becomes
 * the active session for the room, and the previous one for the room loses its slot. If a different private session is
 * active, it stays active: in slot 1 if it was used last, otherwise in slot 2. The shared session gets the other slot.
 * If no different private session is active, the shared session gets slot 1.
 */
export function planSlotsAfterShare(sessions: readonly SlottedSession[], shared: SlottedSession): SlotChanges {
  const sharedInRoom: SlottedSession = { ...shared, visibility: 'room' }
  const others = omitSession(sessions, shared)
  const all = [...others, sharedInRoom]
  const activePrivate = findActiveSession(others, 'private')
  if (!activePrivate) return assignSlots(all, [sharedInRoom])
  const wasPrivateUsedLast = findActiveSession(all, null) === activePrivate
  return assignSlots(all, wasPrivateUsedLast ? [activePrivate, sharedInRoom] : [sharedInRoom, activePrivate])
}

const omitSession = <S extends SlottedSession>(sessions: readonly S[], { session_id }: SlottedSession): S[] =>
  sessions.filter((session) => session.session_id !== session_id)

/** Lists only the active sessions, in the order of their slots. */
const listActiveBySlot = <S extends SlottedSession>(sessions: readonly S[]): S[] =>
  ACTIVE_SLOTS.flatMap((slot) => sessions.filter((session) => session.active_slot === slot))

/**
 * Gives slot 1 to the first session of `active`, slot 2 to the second, and no slot to all others of `sessions`. Returns
 * only the slots that change.
 */
function assignSlots(sessions: readonly SlottedSession[], active: readonly SlottedSession[]): SlotChanges {
  const newSlots = new Map(active.map(({ session_id }, index) => [session_id, ACTIVE_SLOTS[index] ?? null]))
  const changed = sessions.filter((session) => session.active_slot !== (newSlots.get(session.session_id) ?? null))
  return new Map(changed.map(({ session_id }) => [session_id, newSlots.get(session_id) ?? null]))
}
