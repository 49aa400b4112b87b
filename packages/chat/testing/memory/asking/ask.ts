import type { ChatSession, Message } from '@engineer-chat/protocol'
import type { AskCommand, AskResult } from '../../../src/rooms/message-store.ts'
import { createSendEntry } from '../../../src/shared/audit.ts'
import { ChatError } from '../../../src/shared/errors.ts'
import type { Audience } from '../../../src/shared/model.ts'
import { reserveForQuestion } from '../budgets/spend.ts'
import { isEarliestUnfinished, listQuestions, summaryUpdated, toReplyRef } from '../replying/session-replies.ts'
import { findCurrentSummary, getRoom, type Room, type Stored, takeNextSeq, timestamp, type World } from '../world.ts'
import { activate, activeSession } from './sessions.ts'

export function findAskResult(world: World, user_id: string, client_message_id: string, request_hash: string) {
  const question = [...world.messages.values()].find(
    ({ key, row }) => key?.client_message_id === client_message_id && row.message.user_id === user_id,
  )
  if (!question) return undefined
  if (question.key?.request_hash !== request_hash) throw new ChatError('idempotency_mismatch')
  return toAskResult(world, question)
}

export function ask(world: World, input: AskCommand): AskResult {
  const earlier =
    input.client_message_id !== null && findAskResult(world, input.user_id, input.client_message_id, input.request_hash)
  if (earlier) return earlier
  const room = getRoom(world, input.event_id)
  const begin = sessionFor(world, input)
  reserveForQuestion(world, input, input.reply_id, input.reservation)
  const session = begin()
  world.sessions.set(session.session_id, { ...session, rounds: session.rounds + 1, updated_at: timestamp(world) })
  const question = store(world, room, createQuestion(room, input, session))
  if (input.client_message_id !== null) {
    question.key = { client_message_id: input.client_message_id, request_hash: input.request_hash }
  }
  const reply = store(world, room, createReply(question.row.message, input.reply_id), question.row.audience)
  reply.reply = createReplyState(world, input.model)
  const line = createSendEntry(input)
  if (line) world.auditLines.push({ ...line, id: String(++world.audited), at: timestamp(world) })
  const first_seq = question.row.message.seq
  const change = { event_id: input.event_id, first_seq, seq: first_seq + 1, rows: [question.row, reply.row] }
  return { ...toAskResult(world, question), change, job: isEarliestUnfinished(world, reply) ? toReplyRef(reply) : null }
}

export const createReplyState = (world: World, model: string | null) => ({
  tries: 0,
  lease_until: null,
  due_at: world.now(),
  cancel_requested: false,
  model,
  versions: [],
})

/** The named, the active or a new session, with a round to spend; a new one begins when it is called for. */
function sessionFor(world: World, input: AskCommand): () => ChatSession {
  const { event_id, user_id, session_id, visibility, max_rounds } = input
  const found = session_id === null ? activeSession(world, user_id, event_id) : world.sessions.get(session_id)
  if (!found && session_id === null) {
    const created = {
      session_id: input.new_session_id,
      event_id,
      user_id,
      visibility: visibility ?? 'private',
      max_rounds,
    }
    return () => activate(world, created)
  }
  if (!found || found.user_id !== user_id || found.event_id !== event_id) throw new ChatError('session_not_found')
  if (visibility !== null && visibility !== found.visibility) throw new ChatError('session_visibility_mismatch')
  if (found.rounds >= max_rounds) {
    throw new ChatError('session_round_limit', undefined, {
      session_id: found.session_id,
      action: 'create_new_session',
    })
  }
  return () => found
}

type Draft = Omit<Message, 'position' | 'seq' | 'created_at' | 'updated_at'>

function createQuestion(room: Room, input: AskCommand, session: ChatSession): Draft {
  return {
    message_id: input.question_id,
    event_id: input.event_id,
    user_id: input.user_id,
    message_from: input.user_id,
    message_type: 'chat',
    message_category: 'engineer_chat',
    sender_type: 'user',
    chat_session_id: session.session_id,
    visibility: session.visibility,
    reply_to: null,
    round_id: null,
    event_summary_version: findCurrentSummary(room)?.version ?? null,
    message_content: { content: input.text },
  }
}

function createReply(question: Draft, message_id: string): Draft {
  return {
    ...question,
    message_id,
    reply_to: question.message_id,
    ...THINKING,
  }
}

/** A reply looks like this before its answer. */
export const THINKING = {
  message_from: 'ai_assistant',
  message_type: 'thinking',
  sender_type: 'ai',
  message_content: { content: '' },
} as const

export function store(world: World, room: Room, draft: Draft, audience?: Audience): Stored {
  const at = timestamp(world)
  const seq = takeNextSeq(room)
  const message = { ...draft, position: seq, seq, created_at: at, updated_at: at }
  const sees = audience ?? (draft.visibility === 'private' ? (draft.user_id ?? 'all') : 'people')
  const stored: Stored = { row: { message, audience: sees, attempt: 0 }, key: null, reply: null }
  room.rows.push(stored)
  world.messages.set(draft.message_id, stored)
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
    summary_updated: summaryUpdated(world, question),
    question: question.row,
    reply: reply.row,
    change: null,
    job: null,
  }
}
