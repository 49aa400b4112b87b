import { isSummaryUpdated } from '../../../src/asking/session-rules.ts'
import type { ReplyRef } from '../../../src/shared/model.ts'
import type { ReplyState, Stored, World } from '../world.ts'

export type StoredReply = Stored & { reply: ReplyState }

export const isReply = (stored: Stored | undefined): stored is StoredReply => stored?.reply != null

export const isThinking = (stored: StoredReply): boolean => stored.row.message.message_type === 'thinking'

export const isUnfinished = (stored: Stored): stored is StoredReply => isReply(stored) && isThinking(stored)

export function listSessionRows(world: World, session_id: string): Stored[] {
  const session = world.sessions.get(session_id)
  const room = session && world.rooms.get(session.event_id)
  return room?.rows.filter((stored) => stored.row.message.chat_session_id === session_id) ?? []
}

export function isEarliestUnfinished(world: World, stored: Stored): boolean {
  return listSessionRows(world, stored.row.message.chat_session_id ?? '').find(isUnfinished) === stored
}

/** Returns the job of the session's earliest unfinished reply. */
export function findNextJob(world: World, session_id: string | null): ReplyRef | null {
  const next = listSessionRows(world, session_id ?? '').find(isUnfinished)
  return next ? toReplyRef(next) : null
}

export const toReplyRef = (stored: Stored): ReplyRef => ({
  message_id: stored.row.message.message_id,
  attempt: stored.row.attempt,
})

export const listQuestions = (world: World, session_id: string): Stored[] =>
  listSessionRows(world, session_id).filter((stored) => stored.row.message.sender_type === 'user')

/** Returns true if the event's summary changed between the session's previous question and this one. */
export function wasSummaryUpdated(world: World, question: Stored): boolean {
  const questions = listQuestions(world, question.row.message.chat_session_id ?? '')
  const before = questions[questions.indexOf(question) - 1]
  return isSummaryUpdated(question.row.message, before?.row.message)
}
