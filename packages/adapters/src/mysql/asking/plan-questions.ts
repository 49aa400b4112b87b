import type { AskCommand, AskResult } from '@engineer-chat/chat/rooms'
import { ChatError, type StoredMessage } from '@engineer-chat/chat/shared'
import type { Visibility } from '@engineer-chat/protocol'
import type { LockedRoom } from '../core/index.ts'
import { type NewMessage, THINKING } from '../rooms/index.ts'
import { type BatchBudget, type BudgetFacts, createBatchBudget } from './ask-budget.ts'

export interface Session {
  session_id: string
  event_id: string
  user_id: string
  visibility: Visibility
  active: boolean
  rounds: number
  /** The event's summary version at the session's last question. */
  summary_version: string | null
  /** An unfinished reply stands in it. */
  busy: boolean
}

/** What is known under the locks of the rooms. */
export interface LockedState {
  rooms: LockedRoom[]
  sessions: Session[]
  /** `keyOf` of those asks that are stored already, by their key or by their question's id. */
  stored: Set<string>
  /** Where budgets are set. */
  budget?: BudgetFacts
}

export type QuestionVerdict =
  | { type: 'stored'; asked: AskResult }
  /** Stored by an earlier request. */
  | { type: 'repeated' }
  | { type: 'refused'; error: ChatError }

/** What a batch writes, and how it answers, ask by ask. */
export interface QuestionPlan {
  verdicts: QuestionVerdict[]
  rows: NewMessage[]
  /** How many numbers each room spends. */
  numbers: Map<string, number>
  created: Array<Session & { max_rounds: number }>
  /** How many rounds each session that was there spends. */
  rounds: Map<string, { spent: number; max: number }>
  budget: BatchBudget
}

export const toQuestionKey = (ask: Pick<AskCommand, 'user_id' | 'client_message_id' | 'question_id'>): string =>
  ask.client_message_id === null ? ask.question_id : `${ask.user_id} ${ask.client_message_id}`

/** Decides for all asks of a batch, one after the other, as if each had been alone. */
export function planQuestions(asks: AskCommand[], facts: LockedState): QuestionPlan {
  const budget = createBatchBudget(facts.budget ?? NO_BUDGET)
  const plan: QuestionPlan = { verdicts: [], rows: [], numbers: new Map(), created: [], rounds: new Map(), budget }
  const rooms = new Map(facts.rooms.map((room) => [room.event_id, { ...room }]))
  const sessions = facts.sessions.map((session) => ({ ...session }))
  const stored = new Set(facts.stored)
  for (const ask of asks) plan.verdicts.push(decide(ask))
  return plan

  function decide(ask: AskCommand): QuestionVerdict {
    if (stored.has(toQuestionKey(ask))) return { type: 'repeated' }
    const room = rooms.get(ask.event_id)
    if (!room) return toRefusal(new ChatError('event_not_found'))
    const session = findSession(ask, sessions)
    const refusal = findRefusal(ask, session) ?? budget.refusal(ask, room.now)
    if (refusal) return toRefusal(refusal)
    budget.hold(ask, room.now)
    stored.add(toQuestionKey(ask))
    return { type: 'stored', asked: planQuestion(plan, ask, room, session ?? begin(ask)) }
  }

  function begin(ask: AskCommand): Session {
    const session = newSession(ask)
    sessions.push(session)
    plan.created.push(session)
    return session
  }
}

const NO_BUDGET: BudgetFacts = { limits: {}, spend: new Map() }

const toRefusal = (error: ChatError): QuestionVerdict => ({ type: 'refused', error })

function findSession(ask: AskCommand, sessions: Session[]): Session | undefined {
  if (ask.session_id !== null) return sessions.find((session) => session.session_id === ask.session_id)
  return sessions.find(
    (session) => session.active && session.user_id === ask.user_id && session.event_id === ask.event_id,
  )
}

function findRefusal(ask: AskCommand, session: Session | undefined): ChatError | undefined {
  if (!session) return ask.session_id === null ? undefined : new ChatError('session_not_found')
  if (session.user_id !== ask.user_id || session.event_id !== ask.event_id) return new ChatError('session_not_found')
  if (ask.visibility !== null && ask.visibility !== session.visibility)
    return new ChatError('session_visibility_mismatch')
  if (session.rounds < ask.max_rounds) return undefined
  const { session_id } = session
  return new ChatError('session_round_limit', undefined, { session_id, action: 'create_new_session' })
}

const newSession = (ask: AskCommand): QuestionPlan['created'][number] => ({
  session_id: ask.new_session_id,
  event_id: ask.event_id,
  user_id: ask.user_id,
  visibility: ask.visibility ?? 'private',
  active: true,
  rounds: 0,
  summary_version: null,
  busy: false,
  max_rounds: ask.max_rounds,
})

/** Spends two numbers of the room and a round of the session, which both go on from there. */
function planQuestion(plan: QuestionPlan, ask: AskCommand, room: LockedRoom, session: Session): AskResult {
  const { session_id } = session
  const summary_updated = session.rounds > 0 && session.summary_version !== room.summary_version
  const job = session.busy ? null : { message_id: ask.reply_id, attempt: 0 }
  session.rounds += 1
  session.summary_version = room.summary_version
  session.busy = true
  const first_seq = room.seq + 1
  room.seq += 2

  const question = createQuestion(ask, room, session, first_seq)
  const reply = createReply(question, ask.reply_id)
  const { client_message_id, request_hash, model } = ask
  plan.rows.push({ row: question, client_message_id, request_hash }, { row: reply, model, due_at: room.now })
  plan.numbers.set(room.event_id, (plan.numbers.get(room.event_id) ?? 0) + 2)
  if (!plan.created.some((created) => created.session_id === session_id)) {
    plan.rounds.set(session_id, { spent: (plan.rounds.get(session_id)?.spent ?? 0) + 1, max: ask.max_rounds })
  }
  const change = { event_id: ask.event_id, first_seq, seq: room.seq, rows: [question, reply] }
  return { session_id, round: session.rounds, summary_updated, question, reply, change, job }
}

function createQuestion(ask: AskCommand, room: LockedRoom, session: Session, position: number): StoredMessage {
  const audience = session.visibility === 'private' ? ask.user_id : 'people'
  return {
    message: {
      message_id: ask.question_id,
      event_id: ask.event_id,
      position,
      seq: position,
      user_id: ask.user_id,
      message_from: ask.user_id,
      message_type: 'chat',
      message_category: 'engineer_chat',
      sender_type: 'user',
      chat_session_id: session.session_id,
      visibility: session.visibility,
      reply_to: null,
      round_id: null,
      event_summary_version: room.summary_version,
      message_content: { content: ask.text },
      created_at: room.now,
      updated_at: room.now,
    },
    audience,
    attempt: 0,
  }
}

function createReply({ message, audience, attempt }: StoredMessage, message_id: string): StoredMessage {
  const position = message.position + 1
  const reply = { ...message, ...THINKING, message_id, position, seq: position, reply_to: message.message_id }
  return { message: reply, audience, attempt }
}
