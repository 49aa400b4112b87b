import { test } from 'tap'
import {
  type ActiveSlot,
  findActiveSession,
  planSlotsAfterShare,
  planSlotsAfterUse,
} from '../../src/asking/active-sessions.ts'

const createSlot = (session_id: string, visibility: 'private' | 'room', active_slot: ActiveSlot | null) => ({
  session_id,
  visibility,
  active_slot,
})
const INACTIVE = createSlot('inactive', 'private', null)

test('[ASK5] the active session with a visibility is found; without a visibility, the session used last', async (t) => {
  const sessions = [INACTIVE, createSlot('shared', 'room', 2), createSlot('private', 'private', 1)]
  t.equal(findActiveSession(sessions, null)?.session_id, 'private')
  t.equal(findActiveSession(sessions, 'room')?.session_id, 'shared')
  t.equal(findActiveSession([INACTIVE], 'private'), undefined)
})

test('[ASK5] if an earlier version left two active sessions of one visibility, slot 1 counts and the next use corrects it', async (t) => {
  const [older, newer] = [createSlot('older', 'room', 2), createSlot('newer', 'room', 1)]
  t.equal(findActiveSession([older, newer], 'room'), newer)
  t.same([...planSlotsAfterUse([older, newer], newer)], [['older', null]])
})

test('[SESS1] a used session gets slot 1, the active session with the other visibility gets slot 2', async (t) => {
  const [privateSession, shared] = [createSlot('private', 'private', 1), createSlot('shared', 'room', 2)]
  t.same(Object.fromEntries(planSlotsAfterUse([privateSession, shared], shared)), { private: 2, shared: 1 })
  t.same([...planSlotsAfterUse([privateSession, shared], privateSession)], [])
  t.same(
    Object.fromEntries(planSlotsAfterUse([privateSession, shared], INACTIVE)),
    { private: null, inactive: 1 },
    'an inactive private session replaces the active private one',
  )
})

test('[SESS5] a session that is shared replaces the active shared one; an active private session that was used last keeps slot 1', async (t) => {
  const shared = createSlot('shared', 'room', 1)
  const privateSession = createSlot('private', 'private', 2)
  const privateUsedLast = createSlot('private', 'private', 1)
  const sharedUsedBefore = createSlot('shared', 'room', 2)
  const planSlots = (...args: Parameters<typeof planSlotsAfterShare>) =>
    Object.fromEntries(planSlotsAfterShare(...args))
  t.same(planSlots([shared, privateSession], privateSession), { shared: null, private: 1 })
  t.same(planSlots([privateUsedLast, sharedUsedBefore], INACTIVE), { shared: null, inactive: 2 })
  t.same(planSlots([shared, privateSession], INACTIVE), { shared: null, inactive: 1 })
  t.same(planSlots([], INACTIVE), { inactive: 1 })
  t.same(planSlots([privateUsedLast], privateUsedLast), {}, 'the only session keeps slot 1')
})
