import type { Visibility } from '@engineer-chat/protocol'

/** Slot 1 belongs to the active session that was used last, slot 2 to the active session of the other visibility. */
export type ActiveSlot = 1 | 2

/** Lists the slots in the order in which an active session is looked for. */
export const ACTIVE_SLOTS: readonly ActiveSlot[] = [1, 2]

interface SessionSlot {
  session_id: string
  visibility: Visibility
  /** Null means that the session is not active. */
  active_slot: ActiveSlot | null
}

/** Maps each session whose slot changes to its new slot. */
export type SlotChanges = Map<string, ActiveSlot | null>

/**
 * Finds the active session of a visibility among one user's sessions in one event. With `null`, it finds the active
 * session that was used last. A node of an earlier version, which knows only slot 1, may leave two active sessions of
 * one visibility; the one in slot 1 is then found.
 */
export const findActiveSession = <S extends SessionSlot>(
  sessions: readonly S[],
  visibility: Visibility | null,
): S | undefined => sortBySlot(sessions).find((session) => visibility === null || session.visibility === visibility)

/** Makes a session the active one of its visibility and the one used last. */
export function planSlotsAfterUse(sessions: readonly SessionSlot[], used: SessionSlot): SlotChanges {
  const other = findActiveSession(omitSession(sessions, used), used.visibility === 'private' ? 'room' : 'private')
  return listChanges([...omitSession(sessions, used), used], other ? [used, other] : [used])
}

/**
 * Makes a session that is being shared the active shared one. It takes the slot of the active shared session before it.
 * If the user's active private session was used last, that session keeps slot 1.
 */
export function planSlotsAfterShare(sessions: readonly SessionSlot[], shared: SessionSlot): SlotChanges {
  const own: SessionSlot = { ...shared, visibility: 'room' }
  const others = omitSession(sessions, shared)
  const kept = findActiveSession(others, 'private')
  const isKeptFirst = kept && findActiveSession([...others, own], null) === kept
  const order = kept ? (isKeptFirst ? [kept, own] : [own, kept]) : [own]
  return listChanges([...others, own], order)
}

const omitSession = <S extends SessionSlot>(sessions: readonly S[], { session_id }: SessionSlot): S[] =>
  sessions.filter((session) => session.session_id !== session_id)

const sortBySlot = <S extends SessionSlot>(sessions: readonly S[]): S[] =>
  ACTIVE_SLOTS.flatMap((slot) => sessions.filter((session) => session.active_slot === slot))

function listChanges(sessions: readonly SessionSlot[], order: readonly SessionSlot[]): SlotChanges {
  const slots = new Map(order.map(({ session_id }, index) => [session_id, ACTIVE_SLOTS[index] ?? null]))
  const changed = sessions.filter((session) => session.active_slot !== (slots.get(session.session_id) ?? null))
  return new Map(changed.map(({ session_id }) => [session_id, slots.get(session_id) ?? null]))
}
