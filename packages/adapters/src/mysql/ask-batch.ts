import { type Ask, type BudgetLimits, NOTHING, type SpendKey, sendEntry } from '@engineer-chat/chat'
import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import { keysOf } from './ask-budget.ts'
import { type Facts, keyOf, type Plan, planAsks, type Session, type Verdict } from './ask-plan.ts'
import { writeAudit } from './audit.ts'
import { isDuplicateKey, isLost } from './errors.ts'
import { type LockedRoom, lockRooms } from './locks.ts'
import { INSERT_ROWS, valuesOf } from './rows.ts'
import { book, lockSpend, storeReservations } from './spend.ts'
import { type Tx, transaction } from './transaction.ts'

/**
 * All asks in one transaction, or none. It runs a second time after a lost connection, whose COMMIT may have been kept,
 * and after a key that another node stored just now: both times it finds out under the locks what is there already.
 */
export async function askBatch(pool: Pool, limits: BudgetLimits, asks: Ask[]): Promise<Verdict[]> {
  try {
    return await transaction(pool, (tx) => storeAsks(tx, limits, asks, false))
  } catch (error) {
    if (!isLost(error) && !(asks.length === 1 && isDuplicateKey(error))) throw error
    return await transaction(pool, (tx) => storeAsks(tx, limits, asks, isLost(error)))
  }
}

async function storeAsks(tx: Tx, limits: BudgetLimits, asks: Ask[], mayBeStored: boolean): Promise<Verdict[]> {
  const rooms = await lockRooms(
    tx,
    asks.map((ask) => ask.event_id),
  )
  const stored = await storedKeys(tx, asks)
  if (mayBeStored) for (const key of await storedQuestions(tx, asks)) stored.add(key)
  const sessions = await sessionsFor(tx, asks)
  const budget = { limits, spend: await lockSpend(tx, countersOf(limits, asks, rooms)) }
  const plan = planAsks(asks, { rooms, stored, sessions, budget })
  if (plan.rows.length > 0) await write(tx, plan)
  const sent = asks.filter((_, index) => plan.verdicts[index]?.type === 'stored')
  await writeAudit(
    tx,
    sent.flatMap((ask) => sendEntry(ask) ?? []),
  )
  return plan.verdicts
}

/** The counters that these asks may count for: last in the order of locks. */
function countersOf(limits: BudgetLimits, asks: Ask[], rooms: LockedRoom[]): SpendKey[] {
  const times = new Map(rooms.map(({ event_id, now }) => [event_id, now]))
  return asks.flatMap((ask) => {
    const now = times.get(ask.event_id)
    return now === undefined ? [] : keysOf(limits, ask, now)
  })
}

async function storedKeys(tx: Tx, asks: Ask[]): Promise<Facts['stored']> {
  const keyed = asks.filter((ask) => ask.client_message_id !== null)
  if (keyed.length === 0) return new Set()
  const [rows] = await tx.query<Array<Ask & RowDataPacket>>(
    `SELECT user_id, client_message_id FROM messages FORCE INDEX (uq_client_message)
     WHERE (user_id, client_message_id) IN (?)`,
    [keyed.map((ask) => [ask.user_id, ask.client_message_id])],
  )
  return new Set(rows.map(keyOf))
}

async function storedQuestions(tx: Tx, asks: Ask[]): Promise<string[]> {
  const [rows] = await tx.query<RowDataPacket[]>('SELECT message_id FROM messages WHERE message_id IN (?)', [
    asks.map((ask) => ask.question_id),
  ])
  const ids = new Set(rows.map((row) => row.message_id))
  return asks.filter((ask) => ids.has(ask.question_id)).map(keyOf)
}

const SESSION = `SELECT s.session_id, s.event_id, s.user_id, s.visibility, s.active_slot IS NOT NULL AS active, s.rounds,
  s.summary_version, EXISTS (SELECT 1 FROM messages m FORCE INDEX (idx_chat_session)
    WHERE m.chat_session_id = s.session_id AND m.due_at IS NOT NULL) AS busy
  FROM chat_sessions s`

/** The sessions that are named, and the active ones of those who name none. The rooms' locks hold them still. */
async function sessionsFor(tx: Tx, asks: Ask[]): Promise<Session[]> {
  const named = new Set(asks.flatMap((ask) => ask.session_id ?? []))
  const askers = asks.filter((ask) => ask.session_id === null).map((ask) => [ask.event_id, ask.user_id, 1])
  const selects = [
    ...(named.size > 0 ? [`${SESSION} WHERE s.session_id IN (?)`] : []),
    ...(askers.length > 0 ? [`${SESSION} WHERE (s.event_id, s.user_id, s.active_slot) IN (?)`] : []),
  ]
  const values = [[...named], askers].filter((list) => list.length > 0)
  const [rows] = await tx.query<Array<Session & RowDataPacket>>(selects.join(' UNION '), values)
  return rows.map((row) => ({ ...row, active: Boolean(row.active), busy: Boolean(row.busy) }))
}

async function write(tx: Tx, plan: Plan): Promise<void> {
  await createSessions(tx, plan)
  await spendRounds(tx, plan)
  const rooms = [...plan.numbers.keys()]
  await tx.query(
    `UPDATE events SET seq = seq + CASE event_id ${rooms.map(() => 'WHEN ? THEN ?').join(' ')} END WHERE event_id IN (?)`,
    [...[...plan.numbers].flat(), rooms],
  )
  await tx.query(INSERT_ROWS, [plan.rows.map(valuesOf)])
  await holdBudget(tx, plan)
}

async function holdBudget(tx: Tx, { budget }: Plan): Promise<void> {
  await book(tx, budget.bookings())
  await storeReservations(
    tx,
    budget.held.map(({ ask: { reply_id, user_id, event_id, hold = NOTHING }, day }) => ({
      ...{ message_id: reply_id, attempt: 0 },
      ...{ user_id, event_id, day, ...hold },
    })),
  )
}

async function createSessions(tx: Tx, { created }: Plan): Promise<void> {
  if (created.length === 0) return
  await tx.query(
    `INSERT INTO chat_sessions
     (session_id, event_id, user_id, visibility, active_slot, rounds, max_rounds, summary_version) VALUES ?`,
    [
      created.map((session) => [
        session.session_id,
        session.event_id,
        session.user_id,
        session.visibility,
        1,
        session.rounds,
        session.max_rounds,
        session.summary_version,
      ]),
    ],
  )
}

// One statement for all that spend the same, which is one round nearly always.
async function spendRounds(tx: Tx, { rounds }: Plan): Promise<void> {
  const alike = Map.groupBy(rounds, ([, { spent, max }]) => `${spent} ${max}`)
  for (const group of alike.values()) {
    const [, { spent, max }] = group[0] ?? ['', { spent: 0, max: 0 }]
    const [result] = await tx.query<ResultSetHeader>(
      `UPDATE chat_sessions s FORCE INDEX (PRIMARY) SET s.rounds = s.rounds + ?, s.updated_at = NOW(3),
         s.summary_version = (SELECT e.summary_version FROM events e WHERE e.event_id = s.event_id)
       WHERE s.session_id IN (?) AND s.rounds + ? <= ?`,
      [spent, group.map(([session_id]) => session_id), spent, max],
    )
    if (result.affectedRows !== group.length)
      throw new Error('A session was changed by somebody who did not lock its room.')
  }
}
