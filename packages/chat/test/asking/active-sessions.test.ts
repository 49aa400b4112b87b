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
const PAST = createSlot('past', 'private', null)

test('[ASK5] the active session of a visibility is found; without a visibility, the one used last', async (t) => {
  const sessions = [PAST, createSlot('shared', 'room', 2), createSlot('own', 'private', 1)]
  t.equal(findActiveSession(sessions, null)?.session_id, 'own')
  t.equal(findActiveSession(sessions, 'room')?.session_id, 'shared')
  t.equal(findActiveSession([PAST], 'private'), undefined)
})

test('[ASK5] if an earlier version left two sessions of one visibility, slot 1 counts and the next use corrects it', async (t) => {
  const [older, newer] = [createSlot('older', 'room', 2), createSlot('newer', 'room', 1)]
  t.equal(findActiveSession([older, newer], 'room'), newer)
  t.same([...planSlotsAfterUse([older, newer], newer)], [['older', null]])
})

test('[SESS1] a session that is used goes to slot 1, the one of the other visibility to slot 2', async (t) => {
  const [own, shared] = [createSlot('own', 'private', 1), createSlot('shared', 'room', 2)]
  t.same(Object.fromEntries(planSlotsAfterUse([own, shared], shared)), { own: 2, shared: 1 })
  t.same([...planSlotsAfterUse([own, shared], own)], [])
  t.same(
    Object.fromEntries(planSlotsAfterUse([own, shared], PAST)),
    { own: null, past: 1 },
    'a past session replaces the private one',
  )
})

test('[SESS5] a session that is shared replaces the active shared one; an active private session that was used last keeps slot 1', async (t) => {
  const shared = createSlot('shared', 'room', 1)
  const own = createSlot('own', 'private', 2)
  t.same(Object.fromEntries(planSlotsAfterShare([shared, own], own)), { shared: null, own: 1 })
  t.same(
    Object.fromEntries(
      planSlotsAfterShare(
        [
          { ...own, active_slot: 1 },
          { ...shared, active_slot: 2 },
        ],
        PAST,
      ),
    ),
    {
      shared: null,
      past: 2,
    },
  )
  t.same(Object.fromEntries(planSlotsAfterShare([shared, own], PAST)), { shared: null, past: 1 })
  t.same(Object.fromEntries(planSlotsAfterShare([], PAST)), { past: 1 })
  t.same(
    [...planSlotsAfterShare([{ ...own, active_slot: 1 }], { ...own, active_slot: 1 })],
    [],
    'the only session keeps slot 1',
  )
})
