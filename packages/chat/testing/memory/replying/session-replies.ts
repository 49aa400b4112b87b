import { isSummaryUpdated } from '../../../src/asking/session-rules.ts'
import type { ReplyRef } from '../../../src/shared/reply-queue.ts'
import type { MemoryData, MessageRecord, ReplyState } from '../memory-data.ts'

export type StoredReply = MessageRecord & { reply: ReplyState }

export const isReply = (stored: MessageRecord | undefined): stored is StoredReply => stored?.reply != null

export const isThinking = (stored: StoredReply): boolean => stored.row.message.message_type === 'thinking'

export const isUnfinished = (stored: MessageRecord): stored is StoredReply => isReply(stored) && isThinking(stored)

export function listSessionRows(data: MemoryData, session_id: string): MessageRecord[] {
  const session = data.sessions.get(session_id)
  const room = session && data.rooms.get(session.event_id)
  return room?.rows.filter((stored) => stored.row.message.chat_session_id === session_id) ?? []
}

export function isEarliestUnfinished(data: MemoryData, stored: MessageRecord): boolean {
  return listSessionRows(data, stored.row.message.chat_session_id ?? '').find(isUnfinished) === stored
}

/** Returns the job of the session's earliest unfinished reply. */
export function findNextJob(data: MemoryData, session_id: string | null): ReplyRef | null {
  const next = listSessionRows(data, session_id ?? '').find(isUnfinished)
  return next ? toReplyRef(next) : null
}

export const toReplyRef = (stored: MessageRecord): ReplyRef => ({
  message_id: stored.row.message.message_id,
  attempt: stored.row.attempt,
})

export const listQuestions = (data: MemoryData, session_id: string): MessageRecord[] =>
  listSessionRows(data, session_id).filter((stored) => stored.row.message.sender_type === 'user')

/** Returns true if the event's summary changed between the session's previous question and this one. */
export function wasSummaryUpdated(data: MemoryData, question: MessageRecord): boolean {
  const questions = listQuestions(data, question.row.message.chat_session_id ?? '')
  const previous = questions[questions.indexOf(question) - 1]
  return isSummaryUpdated(question.row.message, previous?.row.message)
}

/**
 * Returns the reply if this attempt still holds it. An attempt does not hold a reply that was released, finished or
 * claimed again.
 */
export function findHeldReply(data: MemoryData, ref: ReplyRef): StoredReply | undefined {
  const stored = data.messages.get(ref.message_id)
  if (!stored || !isUnfinished(stored) || stored.reply.lease_until === null) return undefined
  return stored.row.attempt === ref.attempt ? stored : undefined
}
