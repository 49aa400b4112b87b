import {
  ACTIVE_SLOTS,
  type LockedSession,
  listQuestionSpendKeys,
  planQuestions,
  type QuestionPlan,
  type QuestionVerdict,
  toQuestionKey,
} from '@engineer-chat/chat/asking'
import type { BudgetLimits, SpendKey } from '@engineer-chat/chat/budgets'
import type { NewQuestion } from '@engineer-chat/chat/rooms'
import type { LockedRoom } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { bookSpend, lockUsage, storeReservations } from '../budgets/index.ts'
import {
  BEGIN,
  COMMIT,
  createRead,
  createWrite,
  isConnectionLost,
  isDuplicateKey,
  runTogether,
  type Statement,
  selectRoomsForUpdate,
  type Tx,
  withManualTransaction,
} from '../core/index.ts'
import { insertAuditEntries } from '../people/index.ts'
import { INSERT_MESSAGES, toValues } from '../rooms/index.ts'
import { emptySlots, fillSlots } from './active-slots.ts'

/**
 * Stores all questions in one transaction, or none. It runs a second time after a lost connection, whose COMMIT may
 * have succeeded, or if a batch of one question finds that another node has just stored the question's key. In both
 * cases the second run reads under the locks which questions are stored already.
 */
export async function askBatch(pool: Pool, limits: BudgetLimits, questions: NewQuestion[]): Promise<QuestionVerdict[]> {
  try {
    return await withManualTransaction(pool, (tx) => storeQuestions(tx, limits, questions, false))
  } catch (error) {
    if (!isConnectionLost(error) && !(questions.length === 1 && isDuplicateKey(error))) throw error
    return await withManualTransaction(pool, (tx) => storeQuestions(tx, limits, questions, isConnectionLost(error)))
  }
}

// Makes three round trips: read the facts under the locks, write the plan, commit. Budgets add four round trips.
async function storeQuestions(
  tx: Tx,
  limits: BudgetLimits,
  questions: NewQuestion[],
  isCommitUncertain: boolean,
): Promise<QuestionVerdict[]> {
  const [, rooms, keysByIdempotencyKey, keysById, sessions] = await runTogether(tx, [
    BEGIN,
    selectRoomsForUpdate(questions.map((question) => question.event_id)),
    selectKeysByIdempotencyKey(questions),
    isCommitUncertain ? selectKeysById(questions) : undefined,
    selectSessions(questions),
  ])
  const storedKeys = new Set([...(keysByIdempotencyKey ?? []), ...(keysById ?? [])])
  const budgets = { limits, usage: await lockUsage(tx, listSpendKeysOfBatch(limits, questions, rooms)) }
  const plan = planQuestions(questions, { rooms, storedKeys, sessions, budgets })
  if (plan.rows.length > 0) {
    await runTogether(tx, listPlanWrites(plan))
    await bookSpend(tx, plan.spendChanges)
    await storeReservations(tx, plan.reservations)
  }
  // COMMIT is sent separately, because the results of the round trip before it may have thrown.
  await runTogether(tx, [COMMIT])
  return plan.verdicts
}

/** Lists the keys of the budgets that these questions may change. Every transaction locks their rows last. */
function listSpendKeysOfBatch(limits: BudgetLimits, questions: NewQuestion[], rooms: LockedRoom[]): SpendKey[] {
  const roomsById = new Map(rooms.map((room) => [room.event_id, room]))
  return questions.flatMap((question) => {
    const room = roomsById.get(question.event_id)
    return room ? listQuestionSpendKeys(limits, question, room) : []
  })
}

/** Selects the keys (`toQuestionKey`) of the questions whose idempotency key is stored. */
function selectKeysByIdempotencyKey(questions: NewQuestion[]): Statement<string[]> | undefined {
  const keyed = questions.filter((question) => question.client_message_id !== null)
  if (keyed.length === 0) return undefined
  return createRead<NewQuestion, string[]>(
    `SELECT user_id, client_message_id FROM messages FORCE INDEX (uq_client_message)
     WHERE (user_id, client_message_id) IN (?)`,
    [keyed.map((question) => [question.user_id, question.client_message_id])],
    (rows) => rows.map(toQuestionKey),
  )
}

/** Selects the keys (`toQuestionKey`) of the questions whose id is stored. */
const selectKeysById = (questions: NewQuestion[]): Statement<string[]> =>
  createRead<{ message_id: string }, string[]>(
    'SELECT message_id FROM messages WHERE message_id IN (?)',
    [questions.map((question) => question.question_id)],
    (rows) => {
      const ids = new Set(rows.map((row) => row.message_id))
      return questions.filter((question) => ids.has(question.question_id)).map(toQuestionKey)
    },
  )

const SELECT_SESSIONS = `SELECT s.session_id, s.event_id, s.user_id, s.visibility, s.active_slot, s.rounds,
  s.summary_version, EXISTS (SELECT 1 FROM messages m FORCE INDEX (idx_chat_session)
    WHERE m.chat_session_id = s.session_id AND m.due_at IS NOT NULL) AS has_unfinished_reply
  FROM chat_sessions s`

/** Selects the sessions that the questions name, and the askers' active ones. The rooms' locks keep them unchanged. */
function selectSessions(questions: NewQuestion[]): Statement<LockedSession[]> {
  const sessionIds = new Set(questions.flatMap((question) => question.session_id ?? []))
  const slots = questions.flatMap(({ event_id, user_id }) => ACTIVE_SLOTS.map((slot) => [event_id, user_id, slot]))
  const selects = [
    ...(sessionIds.size > 0 ? [`${SELECT_SESSIONS} WHERE s.session_id IN (?)`] : []),
    `${SELECT_SESSIONS} WHERE (s.event_id, s.user_id, s.active_slot) IN (?)`,
  ]
  const values = [...(sessionIds.size > 0 ? [[...sessionIds]] : []), slots]
  return createRead<LockedSession, LockedSession[]>(selects.join(' UNION '), values, (rows) =>
    rows.map((row) => ({ ...row, has_unfinished_reply: Boolean(row.has_unfinished_reply) })),
  )
}

const listPlanWrites = (plan: QuestionPlan): Statement[] => [
  ...emptySlots(plan.slotChanges),
  ...insertSessions(plan),
  ...fillSlots(plan.slotChanges),
  ...updateRounds(plan),
  ...updateSeqs(plan),
  createWrite(INSERT_MESSAGES, [plan.rows.map(toValues)]),
  ...(plan.auditEntries.length > 0 ? [insertAuditEntries(plan.auditEntries)] : []),
]

function insertSessions({ created }: QuestionPlan): Statement[] {
  if (created.length === 0) return []
  const rows = created.map((session) => [
    session.session_id,
    session.event_id,
    session.user_id,
    session.visibility,
    session.active_slot,
    session.rounds,
    session.max_rounds,
    session.summary_version,
  ])
  return [
    createWrite(
      `INSERT INTO chat_sessions
       (session_id, event_id, user_id, visibility, active_slot, rounds, max_rounds, summary_version) VALUES ?`,
      [rows],
    ),
  ]
}

/** Groups sessions that take the same number of rounds (nearly always one), and creates one statement per group. */
function updateRounds({ takenRounds }: QuestionPlan): Statement[] {
  const groups = Map.groupBy(takenRounds, ([, { taken, max }]) => `${taken} ${max}`)
  return [...groups.values()].map((group) => {
    const [, { taken, max }] = group[0] ?? ['', { taken: 0, max: 0 }]
    return createWrite(
      `UPDATE chat_sessions s FORCE INDEX (PRIMARY) SET s.rounds = s.rounds + ?, s.updated_at = NOW(3),
         s.summary_version = (SELECT e.summary_version FROM events e WHERE e.event_id = s.event_id)
       WHERE s.session_id IN (?) AND s.rounds + ? <= ?`,
      [taken, group.map(([session_id]) => session_id), taken, max],
      group.length,
    )
  })
}

/** Groups rooms that take the same count of seqs (two per question), and creates one statement for each group. */
function updateSeqs({ takenSeqs }: QuestionPlan): Statement[] {
  const groups = Map.groupBy(takenSeqs, ([, count]) => count)
  return [...groups].map(([count, rooms]) =>
    createWrite(
      'UPDATE events FORCE INDEX (PRIMARY) SET seq = seq + ? WHERE event_id IN (?)',
      [count, rooms.map(([event_id]) => event_id)],
      rooms.length,
    ),
  )
}
