import type { ChatSession, Visibility } from '@engineer-chat/protocol'
import type { SpendChange } from '../budgets/index.ts'
import { type AskResult, EMPTY_REPLY_FIELDS, findQuoteRefusal, type NewQuestion, type NewRow } from '../rooms/index.ts'
import { type AuditEntry, ChatError, type LockedRoom, type StoredMessage } from '../shared/index.ts'
import { type ActiveSlot, findActiveSession, planSlotsAfterUse, type SlotChanges } from './active-sessions.ts'
import {
  type BudgetState,
  type BudgetTracker,
  createBudgetTracker,
  type QuestionReservation,
} from './budget-tracker.ts'
import { createSendEntry } from './create-send-entry.ts'
import { findRoundRefusal, findSessionRefusal, findVisibility } from './session-rules.ts'

/** Describes a session as a transaction reads it under the lock of the room's row. */
export interface LockedSession extends Pick<ChatSession, 'session_id' | 'event_id' | 'user_id' | 'rounds'> {
  visibility: Visibility
  /** Null means that the session is not active. */
  active_slot: ActiveSlot | null
  /** Holds the version of the event's summary at the session's last question. */
  summary_version: string | null
  has_unfinished_reply: boolean
}

/** Holds the facts that a store reads before it asks for a plan, while it holds the locks of the rooms' rows. */
export interface LockedState {
  rooms: LockedRoom[]
  /** Contains the sessions that the questions name, and the active sessions of each asker. */
  sessions: LockedSession[]
  /** Contains the key (`toQuestionKey`) of each question of the batch that is already stored. */
  storedKeys: ReadonlySet<string>
  /** Undefined means that no budget is set. */
  budgets?: BudgetState
}

export type QuestionVerdict =
  /** The plan stores the question. */
  | { type: 'accepted'; result: AskResult }
  /** The question is not stored again: an earlier request, or an earlier question of the batch, has the same key. */
  | { type: 'repeated' }
  | { type: 'refused'; error: ChatError }

/** Holds the writes of a store for a batch of questions in one transaction, and a verdict on each question. */
export interface QuestionPlan {
  /** Has one verdict for each question, in the order of the questions. */
  verdicts: QuestionVerdict[]
  /** Lists the questions and their replies. */
  rows: NewRow[]
  /** Maps the id of each room to how many sequence numbers the batch takes there. */
  takenSeqs: Map<string, number>
  /** Lists the sessions that the batch begins. */
  created: Array<LockedSession & { max_rounds: number }>
  /** Maps the id of each used session from before the batch to the rounds that the batch takes, and to its limit. */
  takenRounds: Map<string, { taken: number; max: number }>
  /** Holds the slot changes of sessions that existed before the batch. The sessions in `created` have their slots. */
  slotChanges: SlotChanges
  auditEntries: AuditEntry[]
  /** Lists one reservation for each accepted question that reserves something. */
  reservations: QuestionReservation[]
  /** Has one change for each budget from which the batch reserves something: the sum of its reservations there. */
  spendChanges: SpendChange[]
}

/** Identifies a question by its asker and its idempotency key, or by its id if it has no idempotency key. */
export const toQuestionKey = ({
  user_id,
  client_message_id,
  question_id,
}: Pick<NewQuestion, 'user_id' | 'client_message_id' | 'question_id'>): string =>
  client_message_id === null ? question_id : `${user_id} ${client_message_id}`

/** Decides on the questions of a batch in order. Each decision takes the earlier questions into account. */
export function planQuestions(newQuestions: NewQuestion[], locked: LockedState): QuestionPlan {
  const budgetTracker = createBudgetTracker(locked.budgets ?? NO_BUDGETS)
  const state: PlanState = {
    rooms: new Map(locked.rooms.map((room) => [room.event_id, { ...room }])),
    sessions: locked.sessions.map((session) => ({ ...session })),
    plannedOrStoredKeys: new Set(locked.storedKeys),
    budgetTracker,
    plan: {
      verdicts: [],
      rows: [],
      takenSeqs: new Map(),
      created: [],
      takenRounds: new Map(),
      slotChanges: new Map(),
      auditEntries: [],
      reservations: budgetTracker.reservations,
      spendChanges: [],
    },
  }
  for (const newQuestion of newQuestions) state.plan.verdicts.push(decideQuestion(state, newQuestion))
  state.plan.spendChanges = [...budgetTracker.spendChanges.values()]
  state.plan.slotChanges = compareSlots(locked.sessions, state.sessions)
  return state.plan
}

/** Holds the plan so far, and the facts as the planned questions have changed them. */
interface PlanState {
  rooms: Map<string, LockedRoom>
  sessions: LockedSession[]
  plannedOrStoredKeys: Set<string>
  budgetTracker: BudgetTracker
  plan: QuestionPlan
}

const NO_BUDGETS: BudgetState = { limits: {}, usage: new Map() }

function decideQuestion(state: PlanState, newQuestion: NewQuestion): QuestionVerdict {
  const { plannedOrStoredKeys, budgetTracker, plan } = state
  if (plannedOrStoredKeys.has(toQuestionKey(newQuestion))) return { type: 'repeated' }
  const room = state.rooms.get(newQuestion.event_id)
  if (!room) return { type: 'refused', error: new ChatError('event_not_found') }
  const session = findSession(newQuestion, state.sessions)
  const error =
    findSessionRefusal(newQuestion, session) ??
    findQuoteRefusal(newQuestion.quote, findVisibility(newQuestion, session)) ??
    findTlpRefusal(newQuestion, room) ??
    findRoundRefusal(newQuestion, session) ??
    budgetTracker.findRefusal(newQuestion, room)
  if (error) return { type: 'refused', error }
  budgetTracker.reserve(newQuestion, room)
  plannedOrStoredKeys.add(toQuestionKey(newQuestion))
  const auditEntry = createSendEntry(newQuestion)
  if (auditEntry) plan.auditEntries.push(auditEntry)
  const usedSession = session ?? beginSession(state, newQuestion)
  // A question that names an inactive session continues it and does not make it active.
  if (!session || session.active_slot !== null) markAsUsed(state, usedSession)
  return { type: 'accepted', result: planRound(plan, newQuestion, room, usedSession) }
}

const findTlpRefusal = ({ forbidden_tlp }: NewQuestion, { tlp }: LockedRoom): ChatError | undefined =>
  forbidden_tlp.includes(tlp) ? new ChatError('tlp_forbids_model') : undefined

function findSession(newQuestion: NewQuestion, sessions: LockedSession[]): LockedSession | undefined {
  if (newQuestion.session_id !== null) return sessions.find((session) => session.session_id === newQuestion.session_id)
  return findActiveSession(listOwnSessions(sessions, newQuestion), newQuestion.visibility)
}

const listOwnSessions = (
  sessions: LockedSession[],
  { event_id, user_id }: Pick<NewQuestion, 'event_id' | 'user_id'>,
): LockedSession[] => sessions.filter((session) => session.user_id === user_id && session.event_id === event_id)

function markAsUsed({ sessions }: PlanState, used: LockedSession): void {
  const sessionsOfUser = listOwnSessions(sessions, used)
  const changes = planSlotsAfterUse(sessionsOfUser, used)
  for (const session of sessionsOfUser) {
    const newSlot = changes.get(session.session_id)
    // Null means that the session loses its slot; undefined means that nothing changes.
    if (newSlot !== undefined) session.active_slot = newSlot
  }
}

function compareSlots(before: LockedSession[], after: LockedSession[]): SlotChanges {
  const newSlots = new Map(after.map(({ session_id, active_slot }) => [session_id, active_slot]))
  const changed = before.filter(({ session_id, active_slot }) => newSlots.get(session_id) !== active_slot)
  return new Map(changed.map(({ session_id }) => [session_id, newSlots.get(session_id) ?? null]))
}

function beginSession({ sessions, plan }: PlanState, newQuestion: NewQuestion): LockedSession {
  const session: LockedSession & { max_rounds: number } = {
    session_id: newQuestion.new_session_id,
    event_id: newQuestion.event_id,
    user_id: newQuestion.user_id,
    visibility: findVisibility(newQuestion, undefined),
    active_slot: null,
    rounds: 0,
    summary_version: null,
    has_unfinished_reply: false,
    max_rounds: newQuestion.max_rounds,
  }
  sessions.push(session)
  plan.created.push(session)
  return session
}

/** Adds an accepted question and its reply to the plan. They take two sequence numbers and one round of the session. */
function planRound(plan: QuestionPlan, newQuestion: NewQuestion, room: LockedRoom, session: LockedSession): AskResult {
  const { session_id } = session
  const summary_updated = session.rounds > 0 && session.summary_version !== room.summary_version
  // A session answers one question at a time, so a reply that has to wait gets no job yet.
  const job = session.has_unfinished_reply ? null : { message_id: newQuestion.reply_id, attempt: 0 }
  session.rounds += 1
  session.summary_version = room.summary_version
  session.has_unfinished_reply = true
  const first_seq = room.seq + 1
  room.seq += 2

  const question = createQuestion(newQuestion, room, session, first_seq)
  const reply = createReply(question, newQuestion.reply_id)
  const { client_message_id, request_hash, model, auditContext } = newQuestion
  const request_id = auditContext?.request_id ?? null
  plan.rows.push(
    { row: question, client_message_id, request_hash },
    { row: reply, model, request_id, due_at: room.now },
  )
  plan.takenSeqs.set(room.event_id, (plan.takenSeqs.get(room.event_id) ?? 0) + 2)
  if (!plan.created.some((created) => created.session_id === session_id)) {
    plan.takenRounds.set(session_id, {
      taken: (plan.takenRounds.get(session_id)?.taken ?? 0) + 1,
      max: newQuestion.max_rounds,
    })
  }
  const change = { event_id: newQuestion.event_id, first_seq, seq: room.seq, rows: [question, reply] }
  return { session_id, round: session.rounds, summary_updated, question, reply, change, job }
}

function createQuestion(
  newQuestion: NewQuestion,
  room: LockedRoom,
  session: LockedSession,
  position: number,
): StoredMessage {
  const audience = session.visibility === 'private' ? newQuestion.user_id : 'people'
  return {
    message: {
      message_id: newQuestion.question_id,
      event_id: newQuestion.event_id,
      position,
      seq: position,
      user_id: newQuestion.user_id,
      message_from: newQuestion.user_id,
      message_type: 'chat',
      message_category: 'engineer_chat',
      sender_type: 'user',
      chat_session_id: session.session_id,
      visibility: session.visibility,
      reply_to: null,
      round_id: null,
      event_summary_version: room.summary_version,
      message_content: { content: newQuestion.text, ...(newQuestion.quote && { quote: newQuestion.quote.content }) },
      created_at: room.now,
      updated_at: room.now,
    },
    audience,
    attempt: 0,
  }
}

function createReply({ message, audience, attempt }: StoredMessage, message_id: string): StoredMessage {
  const position = message.position + 1
  const reply = { ...message, ...EMPTY_REPLY_FIELDS, message_id, position, seq: position, reply_to: message.message_id }
  return { message: reply, audience, attempt }
}
