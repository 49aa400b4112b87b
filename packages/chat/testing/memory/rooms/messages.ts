import { planSlotsAfterShare } from '../../../src/asking/active-sessions.ts'
import { NO_SPEND } from '../../../src/budgets/amounts.ts'
import type { GetRetryReservation, MessageStore, NewPost, RetryOptions } from '../../../src/rooms/message-store.ts'
import { EMPTY_REPLY_FIELDS } from '../../../src/rooms/new-row.ts'
import { ChatError } from '../../../src/shared/errors.ts'
import { ask, createReplyState, findAskResult, storeMessage } from '../asking/ask.ts'
import { listSessions, setSlots } from '../asking/sessions.ts'
import { releaseReservation, reserveForQuestion } from '../budgets/spend.ts'
import { changeMessage, getRoom, getTimestamp, type MemoryData, toRoomChange } from '../memory-data.ts'
import {
  findNextJob,
  isEarliestUnfinished,
  isReply,
  isThinking,
  listSessionRows,
  type StoredReply,
  toReplyRef,
} from '../replying/session-replies.ts'

export function createMemoryMessages(data: MemoryData): MessageStore {
  return {
    ask: async (input) => ask(data, input),
    findAskResult: async (user_id, key, hash) => findAskResult(data, user_id, key, hash),
    post: async (input) => post(data, input),
    findPost: async (user_id, key) => findEarlierPost(data, user_id, key)?.row,
    async findOwnReply(user_id, message_id) {
      const stored = data.messages.get(message_id)
      return isReply(stored) && stored.row.message.user_id === user_id ? stored.row : undefined
    },
    cancel: async (user_id, message_id) => cancel(data, getOwnReply(data, user_id, message_id)),
    retry: async (user_id, message_id, getReservation, options) =>
      retry(data, getOwnReply(data, user_id, message_id), getReservation, options),
    share: async (user_id, session_id) => share(data, user_id, session_id),
    async storeFeedback(user_id, message_id, rating, comment) {
      if (isThinking(getOwnReply(data, user_id, message_id))) throw new ChatError('message_not_found')
      data.feedback.set(message_id, { rating, comment })
      return { updated_at: getTimestamp(data) }
    },
  }
}

function getOwnReply(data: MemoryData, user_id: string, message_id: string): StoredReply {
  const stored = data.messages.get(message_id)
  if (!isReply(stored) || stored.row.message.user_id !== user_id) throw new ChatError('message_not_found')
  return stored
}

function post(data: MemoryData, { message_id, event_id, user_id, category, key, ...input }: NewPost) {
  const earlier = key && findEarlierPost(data, user_id, key)
  if (earlier) return { row: earlier.row, change: null, job: null }
  const draft = {
    message_id,
    event_id,
    user_id,
    message_from: input.message_from,
    message_type: input.message_type,
    message_category: category,
    sender_type: category === 'agent' ? null : ('user' as const),
    chat_session_id: null,
    visibility: 'room' as const,
    reply_to: null,
    round_id: input.round_id,
    event_summary_version: null,
    message_content: input.content,
    ...(input.mentions?.length && { mentions: input.mentions }),
  }
  const stored = storeMessage(data, getRoom(data, event_id), draft, input.audience)
  if (key) stored.key = key
  return { row: stored.row, change: toRoomChange(stored.row), job: null }
}

function findEarlierPost(data: MemoryData, user_id: string, key: NonNullable<NewPost['key']>) {
  const earlier = [...data.messages.values()].find(
    (stored) => stored.key?.client_message_id === key.client_message_id && stored.row.message.user_id === user_id,
  )
  if (earlier && earlier.key?.request_hash !== key.request_hash) throw new ChatError('idempotency_mismatch')
  return earlier
}

function cancel(data: MemoryData, stored: StoredReply) {
  if (!isThinking(stored)) return { row: stored.row, change: null, job: null, claimed: false }
  if (stored.reply.lease_until !== null) {
    stored.reply.cancel_requested = true
    return { row: stored.row, change: null, job: null, claimed: true }
  }
  const message_content = { content: '', finish_reason: 'cancelled' as const, attempts: 0 }
  const row = changeMessage(data, stored, { message_type: 'chat', message_content })
  Object.assign(stored.reply, { due_at: null, request_id: null })
  releaseReservation(data, row.message.message_id)
  return { row, change: toRoomChange(row), job: findNextJob(data, row.message.chat_session_id), claimed: false }
}

function retry(
  data: MemoryData,
  stored: StoredReply,
  getReservation: GetRetryReservation = () => NO_SPEND,
  { request_id = null, failedAttempt }: RetryOptions = {},
) {
  const { user_id, event_id, message_id, message_type, pinned } = stored.row.message
  const hasChanged = failedAttempt !== undefined && (message_type !== 'error' || stored.row.attempt !== failedAttempt)
  if (isThinking(stored) || hasChanged) return { row: stored.row, change: null, job: null }
  if (pinned) throw new ChatError('message_pinned')
  const reservation = getReservation(stored.reply.model, getRoom(data, event_id).event.tlp)
  reserveForQuestion(data, { user_id: user_id ?? '', event_id }, message_id, reservation)
  data.postponed.delete(message_id)
  const { model, versions } = stored.reply
  const restarted = createReplyState(data, model, request_id)
  stored.reply = { ...restarted, versions: [...versions, stored.row.message.message_content] }
  const row = changeMessage(data, stored, EMPTY_REPLY_FIELDS, { attempt: stored.row.attempt + 1 })
  return { row, change: toRoomChange(row), job: isEarliestUnfinished(data, stored) ? toReplyRef(stored) : null }
}

function share(data: MemoryData, user_id: string, session_id: string) {
  const session = data.sessions.get(session_id)
  if (session?.user_id !== user_id) throw new ChatError('session_not_found')
  if (session.visibility === 'room') return { change: null }
  setSlots(data, planSlotsAfterShare(listSessions(data, user_id, session.event_id), session))
  const current = data.sessions.get(session_id) ?? session
  data.sessions.set(session_id, { ...current, visibility: 'room', updated_at: getTimestamp(data) })
  const rows = listSessionRows(data, session_id).map((stored) =>
    changeMessage(data, stored, { visibility: 'room' }, { audience: 'people' }),
  )
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return { change: null }
  return { change: { event_id: session.event_id, first_seq: first.message.seq, seq: last.message.seq, rows } }
}
