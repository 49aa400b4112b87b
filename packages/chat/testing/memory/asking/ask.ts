import type { Message } from '@engineer-chat/protocol'
import {
  type LockedSession,
  type LockedState,
  planQuestions,
  type QuestionPlan,
} from '../../../src/asking/plan-questions.ts'
import { listSpendKeys } from '../../../src/budgets/limits.ts'
import type { AskCommand, AskResult } from '../../../src/rooms/message-store.ts'
import type { NewMessage } from '../../../src/rooms/new-message.ts'
import { ChatError } from '../../../src/shared/errors.ts'
import type { Audience } from '../../../src/shared/model.ts'
import { bookSpend } from '../budgets/spend.ts'
import { findNextJob, listQuestions, wasSummaryUpdated } from '../replying/session-replies.ts'
import {
  findCurrentSummary,
  getRoom,
  getTimestamp,
  type Room,
  type Stored,
  type StoredSession,
  takeNextSeq,
  type World,
} from '../world.ts'
import { listSessions, setSlots, storeSession } from './sessions.ts'

export function findAskResult(world: World, user_id: string, client_message_id: string, request_hash: string) {
  const question = [...world.messages.values()].find(
    ({ key, row }) => key?.client_message_id === client_message_id && row.message.user_id === user_id,
  )
  if (!question) return undefined
  if (question.key?.request_hash !== request_hash) throw new ChatError('idempotency_mismatch')
  return toAskResult(world, question)
}

/** Reads the facts, asks for the plan and writes it, as the MySQL store does with a batch. */
export function ask(world: World, input: AskCommand): AskResult {
  const earlier =
    input.client_message_id !== null && findAskResult(world, input.user_id, input.client_message_id, input.request_hash)
  if (earlier) return earlier
  const plan = planQuestions([input], readLockedState(world, input))
  const [verdict] = plan.verdicts
  if (verdict?.type === 'refused') throw verdict.error
  if (verdict?.type !== 'stored') throw new Error('A plan for one new question has a verdict on it.')
  writePlan(world, plan)
  return verdict.result
}

function readLockedState(world: World, { event_id, user_id, session_id }: AskCommand): LockedState {
  const room = getRoom(world, event_id)
  const named = session_id === null ? undefined : world.sessions.get(session_id)
  const active = listSessions(world, user_id, event_id).filter((session) => session.active)
  return {
    rooms: [{ event_id, seq: room.event.seq, summary_version: findSummaryVersion(room), now: getTimestamp(world) }],
    sessions: [...new Set([...(named ? [named] : []), ...active])].map((session) => toLockedSession(world, session)),
    stored: new Set(),
    budget: { limits: world.budgets, usage: world.spend },
  }
}

const findSummaryVersion = (room: Room): string | null => findCurrentSummary(room)?.version ?? null

function toLockedSession(world: World, session: StoredSession): LockedSession {
  const last = listQuestions(world, session.session_id).at(-1)
  return {
    ...session,
    summary_version: last?.row.message.event_summary_version ?? null,
    busy: findNextJob(world, session.session_id) !== null,
  }
}

function writePlan(world: World, plan: QuestionPlan): void {
  for (const { session_id, event_id, user_id, visibility, max_rounds, active_slot, rounds } of plan.created) {
    storeSession(world, { session_id, event_id, user_id, visibility, max_rounds }, active_slot)
    spendRounds(world, session_id, rounds)
  }
  setSlots(world, plan.slotChanges)
  for (const [session_id, { spent }] of plan.spentRounds) spendRounds(world, session_id, spent)
  for (const [event_id, count] of plan.spentNumbers) {
    const room = getRoom(world, event_id)
    for (let taken = 0; taken < count; taken += 1) takeNextSeq(room)
  }
  for (const row of plan.rows) addRow(world, row)
  for (const entry of plan.auditEntries) {
    world.auditLines.push({ ...entry, id: String(++world.audited), at: getTimestamp(world) })
  }
  for (const { key, spent, reserved } of plan.bookings) bookSpend(world, [key], spent, reserved)
  for (const { message_id, attempt, day, tokens, micros, ...asker } of plan.reservations) {
    const keys = listSpendKeys(world.budgets, asker, day)
    world.reservations.set(message_id, { attempt, keys, amount: { tokens, micros } })
  }
}

function spendRounds(world: World, session_id: string, spent: number): void {
  const session = world.sessions.get(session_id)
  if (!session) throw new Error('A plan names a session that exists.')
  world.sessions.set(session_id, { ...session, rounds: session.rounds + spent, updated_at: getTimestamp(world) })
}

function addRow(world: World, { row, client_message_id, request_hash, model = null }: NewMessage): void {
  const key = client_message_id && request_hash !== undefined ? { client_message_id, request_hash } : null
  const reply = row.message.reply_to === null ? null : createReplyState(world, model)
  addStored(world, { row, key, reply })
}

export const createReplyState = (world: World, model: string | null) => ({
  tries: 0,
  lease_until: null,
  due_at: world.now(),
  accepted_at: world.now(),
  cancel_requested: false,
  model,
  versions: [],
})

type Draft = Omit<Message, 'position' | 'seq' | 'created_at' | 'updated_at'>

export function storeMessage(world: World, room: Room, draft: Draft, audience?: Audience): Stored {
  const at = getTimestamp(world)
  const seq = takeNextSeq(room)
  const message = { ...draft, position: seq, seq, created_at: at, updated_at: at }
  const storedAudience = audience ?? (draft.visibility === 'private' ? (draft.user_id ?? 'all') : 'people')
  return addStored(world, { row: { message, audience: storedAudience, attempt: 0 }, key: null, reply: null })
}

export function addStored(world: World, stored: Stored): Stored {
  const { event_id, message_id } = stored.row.message
  getRoom(world, event_id).rows.push(stored)
  world.messages.set(message_id, stored)
  return stored
}

function toAskResult(world: World, question: Stored): AskResult {
  const session_id = question.row.message.chat_session_id ?? ''
  const { rows } = getRoom(world, question.row.message.event_id)
  const reply = rows.find((stored) => stored.row.message.reply_to === question.row.message.message_id)
  if (!reply) throw new Error('a question without a reply')
  return {
    session_id,
    round: listQuestions(world, session_id).indexOf(question) + 1,
    summary_updated: wasSummaryUpdated(world, question),
    question: question.row,
    reply: reply.row,
    change: null,
    job: null,
  }
}
