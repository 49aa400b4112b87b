import type { Message } from '@engineer-chat/protocol'
import {
  type LockedSession,
  type LockedState,
  planQuestions,
  type QuestionPlan,
} from '../../../src/asking/plan-questions.ts'
import { listSpendKeys } from '../../../src/budgets/limits.ts'
import type { AskResult, NewQuestion } from '../../../src/rooms/message-store.ts'
import type { NewRow } from '../../../src/rooms/new-row.ts'
import { ChatError } from '../../../src/shared/errors.ts'
import type { Audience } from '../../../src/shared/room-change.ts'
import { bookSpend } from '../budgets/spend.ts'
import {
  findCurrentSummary,
  getRoom,
  getTimestamp,
  type MemoryData,
  type MessageRecord,
  type StoredRoom,
  type StoredSession,
  takeNextSeq,
} from '../memory-data.ts'
import { findNextJob, listQuestions, wasSummaryUpdated } from '../replying/session-replies.ts'
import { listSessions, setSlots, storeSession } from './sessions.ts'

export function findAskResult(data: MemoryData, user_id: string, client_message_id: string, request_hash: string) {
  const question = [...data.messages.values()].find(
    ({ key, row }) => key?.client_message_id === client_message_id && row.message.user_id === user_id,
  )
  if (!question) return undefined
  if (question.key?.request_hash !== request_hash) throw new ChatError('idempotency_mismatch')
  return toAskResult(data, question)
}

/** Reads the state, makes the plan and writes it, as the MySQL store does with a batch. */
export function ask(data: MemoryData, input: NewQuestion): AskResult {
  const { user_id, client_message_id, request_hash } = input
  const earlierResult = client_message_id !== null && findAskResult(data, user_id, client_message_id, request_hash)
  if (earlierResult) return earlierResult
  const plan = planQuestions([input], readLockedState(data, input))
  const [verdict] = plan.verdicts
  if (verdict?.type === 'refused') throw verdict.error
  if (verdict?.type !== 'accepted') throw new Error('The plan does not accept the question.')
  writePlan(data, plan)
  return verdict.result
}

function readLockedState(data: MemoryData, { event_id, user_id, session_id }: NewQuestion): LockedState {
  const room = getRoom(data, event_id)
  const namedSession = session_id === null ? undefined : data.sessions.get(session_id)
  const activeSessions = listSessions(data, user_id, event_id).filter((session) => session.active)
  const sessions = new Set(namedSession ? [namedSession, ...activeSessions] : activeSessions)
  return {
    rooms: [
      {
        event_id,
        seq: room.event.seq,
        summary_version: findSummaryVersion(room),
        tlp: room.event.tlp,
        now: getTimestamp(data),
      },
    ],
    sessions: [...sessions].map((session) => toLockedSession(data, session)),
    // `ask` has already looked for a stored question with the same key.
    storedKeys: new Set(),
    budgets: { limits: data.budgets, usage: data.spend },
  }
}

const findSummaryVersion = (room: StoredRoom): string | null => findCurrentSummary(room)?.version ?? null

function toLockedSession(data: MemoryData, session: StoredSession): LockedSession {
  const lastQuestion = listQuestions(data, session.session_id).at(-1)
  return {
    ...session,
    summary_version: lastQuestion?.row.message.event_summary_version ?? null,
    has_unfinished_reply: findNextJob(data, session.session_id) !== null,
  }
}

function writePlan(data: MemoryData, plan: QuestionPlan): void {
  for (const { session_id, event_id, user_id, visibility, max_rounds, active_slot, rounds } of plan.created) {
    storeSession(data, { session_id, event_id, user_id, visibility, max_rounds }, active_slot)
    takeRounds(data, session_id, rounds)
  }
  setSlots(data, plan.slotChanges)
  for (const [session_id, { taken }] of plan.takenRounds) takeRounds(data, session_id, taken)
  for (const [event_id, count] of plan.takenSeqs) {
    const room = getRoom(data, event_id)
    for (let taken = 0; taken < count; taken += 1) takeNextSeq(room)
  }
  for (const row of plan.rows) addRow(data, row)
  for (const entry of plan.auditEntries) {
    data.auditLines.push({ ...entry, id: String(++data.auditEntryCount), at: getTimestamp(data) })
  }
  for (const { key, spent, reserved } of plan.spendChanges) bookSpend(data, [key], spent, reserved)
  for (const { message_id, attempt, day, tokens, micros, ...asker } of plan.reservations) {
    const keys = listSpendKeys(data.budgets, asker, day)
    data.reservations.set(message_id, { attempt, keys, amount: { tokens, micros } })
  }
}

function takeRounds(data: MemoryData, session_id: string, taken: number): void {
  const session = data.sessions.get(session_id)
  if (!session) throw new Error('The plan names a session that does not exist.')
  data.sessions.set(session_id, { ...session, rounds: session.rounds + taken, updated_at: getTimestamp(data) })
}

function addRow(
  data: MemoryData,
  { row, client_message_id, request_hash, model = null, request_id = null }: NewRow,
): void {
  const key = client_message_id && request_hash !== undefined ? { client_message_id, request_hash } : null
  const reply = row.message.reply_to === null ? null : createReplyState(data, model, request_id)
  addStored(data, { row, key, reply })
}

export const createReplyState = (data: MemoryData, model: string | null, request_id: string | null) => ({
  tries: 0,
  lease_until: null,
  due_at: data.now(),
  accepted_at: data.now(),
  cancel_requested: false,
  model,
  request_id,
  versions: [],
})

type NewMessageFields = Omit<Message, 'position' | 'seq' | 'created_at' | 'updated_at'>

export function storeMessage(
  data: MemoryData,
  room: StoredRoom,
  fields: NewMessageFields,
  audience?: Audience,
): MessageRecord {
  const at = getTimestamp(data)
  const seq = takeNextSeq(room)
  const message = { ...fields, position: seq, seq, created_at: at, updated_at: at }
  const storedAudience = audience ?? (fields.visibility === 'private' ? (fields.user_id ?? 'all') : 'people')
  return addStored(data, { row: { message, audience: storedAudience, attempt: 0 }, key: null, reply: null })
}

export function addStored(data: MemoryData, stored: MessageRecord): MessageRecord {
  const { event_id, message_id } = stored.row.message
  getRoom(data, event_id).rows.push(stored)
  data.messages.set(message_id, stored)
  return stored
}

function toAskResult(data: MemoryData, question: MessageRecord): AskResult {
  const session_id = question.row.message.chat_session_id ?? ''
  const { rows } = getRoom(data, question.row.message.event_id)
  const reply = rows.find((stored) => stored.row.message.reply_to === question.row.message.message_id)
  if (!reply) throw new Error('The question has no reply.')
  return {
    session_id,
    round: listQuestions(data, session_id).indexOf(question) + 1,
    summary_updated: wasSummaryUpdated(data, question),
    question: question.row,
    reply: reply.row,
    change: null,
    job: null,
  }
}
