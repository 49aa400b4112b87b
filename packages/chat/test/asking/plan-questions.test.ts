import { test } from 'tap'
import { type LockedSession, type LockedState, planQuestions, toQuestionKey } from '../../src/asking/plan-questions.ts'
import type { NewQuestion } from '../../src/rooms/message-store.ts'
import { createId, createSessionId } from '../../src/shared/ids.ts'
import type { LockedRoom } from '../../src/shared/room-change.ts'

function aQuestion(event_id: string, fields: Partial<NewQuestion> = {}): NewQuestion {
  const user_id = fields.user_id ?? 'alice'
  return {
    event_id,
    user_id,
    text: 'What should we contain first?',
    client_message_id: null,
    request_hash: 'hash',
    session_id: null,
    visibility: null,
    model: null,
    forbidden_tlp: [],
    max_rounds: 10,
    question_id: createId(),
    reply_id: createId(),
    new_session_id: createSessionId(event_id, user_id),
    ...fields,
  }
}

const now = '2026-01-01T00:00:00.000Z'
const createRoom = (event_id: string, seq = 0, summary_version: string | null = null): LockedRoom => ({
  event_id,
  seq,
  summary_version,
  tlp: 'amber',
  now,
})

const createLockedState = (fields: Partial<LockedState> = {}): LockedState => ({
  rooms: [createRoom('e1')],
  sessions: [],
  storedKeys: new Set(),
  ...fields,
})

const createSession = (fields: Partial<LockedSession> = {}): LockedSession => ({
  session_id: 's1',
  event_id: 'e1',
  user_id: 'alice',
  visibility: 'private',
  active_slot: 1,
  rounds: 1,
  summary_version: null,
  has_unfinished_reply: false,
  ...fields,
})

test('[ASK5] a batch’s first questions of one user share the session that the first one begins', async (t) => {
  const asks = [aQuestion('e1'), aQuestion('e1'), aQuestion('e1', { user_id: 'bob' })]
  const plan = planQuestions(asks, createLockedState())
  t.equal(plan.created.length, 2)
  t.match(plan.created, [
    { session_id: asks[0]?.new_session_id, rounds: 2 },
    { user_id: 'bob', rounds: 1 },
  ])
  t.match(plan.verdicts, [
    { result: { round: 1, job: { attempt: 0 } } },
    { result: { round: 2, job: null } },
    { result: { round: 1, job: {} } },
  ])
  t.same(
    plan.rows.map(({ row }) => row.message.seq),
    [1, 2, 3, 4, 5, 6],
  )
  t.equal(plan.takenRounds.size, 0)
})

test('[ASK5] a batch that changes between two sessions leaves the one used last in slot 1', async (t) => {
  const sessions = [createSession(), createSession({ session_id: 's2', visibility: 'room', active_slot: 2 })]
  const ask = (visibility: 'private' | 'room') => aQuestion('e1', { visibility })

  const planToShared = planQuestions([ask('room'), aQuestion('e1')], createLockedState({ sessions }))
  const planBackToPrivate = planQuestions([ask('room'), ask('private')], createLockedState({ sessions }))

  t.match(planToShared.verdicts, [{ result: { session_id: 's2' } }, { result: { session_id: 's2' } }])
  t.same(
    [...planToShared.slotChanges],
    [
      ['s1', 2],
      ['s2', 1],
    ],
  )
  t.same([...planBackToPrivate.slotChanges], [], 'no slot is written if both slots are the same in the end')
})

test('[ASK4] a batch spends no more rounds than its session has left', async (t) => {
  const asks = [1, 2, 3].map(() => aQuestion('e1', { max_rounds: 3 }))
  const plan = planQuestions(asks, createLockedState({ sessions: [createSession()] }))
  t.same([...plan.takenRounds], [['s1', { taken: 2, max: 3 }]])
  t.match(plan.verdicts[2], { type: 'refused', error: { code: 'session_round_limit', extras: { session_id: 's1' } } })
  t.same([...plan.takenSeqs], [['e1', 4]])
})

test('[ASK2] a question whose key is stored, or comes earlier in the batch, writes nothing', async (t) => {
  const storedQuestion = aQuestion('e1', { client_message_id: 'k1' })
  const newQuestion = aQuestion('e1', { client_message_id: 'k2' })
  const repeatedQuestion = { ...newQuestion, question_id: 'q' }
  const bobsQuestion = aQuestion('e1', { client_message_id: 'k1', user_id: 'bob' })
  const plan = planQuestions(
    [storedQuestion, newQuestion, repeatedQuestion, bobsQuestion],
    createLockedState({ storedKeys: new Set([toQuestionKey(storedQuestion)]) }),
  )
  t.same(
    plan.verdicts.map((verdict) => verdict.type),
    ['repeated', 'accepted', 'repeated', 'accepted'],
  )
  t.equal(plan.rows.length, 4)
})

test('[STORE5] if one question of a batch is refused, the others are stored as if it were not in the batch', async (t) => {
  const asks = [aQuestion('nowhere'), aQuestion('e1', { session_id: 's2' }), aQuestion('e2'), aQuestion('e1')]
  const plan = planQuestions(
    asks,
    createLockedState({
      rooms: [createRoom('e1', 7), createRoom('e2')],
      sessions: [createSession({ user_id: 'bob' })],
    }),
  )
  t.match(plan.verdicts, [
    { error: { code: 'event_not_found' } },
    { error: { code: 'session_not_found' } },
    { result: { change: { event_id: 'e2', first_seq: 1, seq: 2 } } },
    { result: { change: { event_id: 'e1', first_seq: 8, seq: 9 } } },
  ])
})

test('[ASK9] a summary counts as updated if the session’s previous question had another one, also within a batch', async (t) => {
  const asks = [aQuestion('e1'), aQuestion('e1')]
  const plan = planQuestions(
    asks,
    createLockedState({ rooms: [createRoom('e1', 0, 'v2')], sessions: [createSession({ summary_version: 'v1' })] }),
  )
  t.match(plan.verdicts, [{ result: { summary_updated: true } }, { result: { summary_updated: false } }])
})
