import { planSlotsAfterShare } from '../../../src/asking/active-sessions.ts'
import { NO_SPEND, type Spend } from '../../../src/budgets/amounts.ts'
import type { MessageStore, PostCommand } from '../../../src/rooms/message-store.ts'
import { THINKING } from '../../../src/rooms/new-message.ts'
import { ChatError } from '../../../src/shared/errors.ts'
import { ask, createReplyState, findAskResult, storeMessage } from '../asking/ask.ts'
import { listSessions, setSlots } from '../asking/sessions.ts'
import { releaseReservation, reserveForQuestion } from '../budgets/spend.ts'
import {
  findNextJob,
  isEarliestUnfinished,
  isReply,
  isThinking,
  listSessionRows,
  type StoredReply,
  toReplyRef,
} from '../replying/session-replies.ts'
import { changeMessage, getRoom, getTimestamp, toRoomChange, type World } from '../world.ts'

export function createMemoryMessages(world: World): MessageStore {
  return {
    ask: async (input) => ask(world, input),
    findAskResult: async (user_id, key, hash) => findAskResult(world, user_id, key, hash),
    post: async (input) => post(world, input),
    findPost: async (user_id, key) => findEarlierPost(world, user_id, key)?.row,
    async findOwnReply(user_id, message_id) {
      const stored = world.messages.get(message_id)
      return isReply(stored) && stored.row.message.user_id === user_id ? stored.row : undefined
    },
    cancel: async (user_id, message_id) => cancel(world, getOwnReply(world, user_id, message_id)),
    retry: async (user_id, message_id, estimateSpend) =>
      retry(world, getOwnReply(world, user_id, message_id), estimateSpend),
    share: async (user_id, session_id) => share(world, user_id, session_id),
    async storeFeedback(user_id, message_id, rating, comment) {
      if (isThinking(getOwnReply(world, user_id, message_id))) throw new ChatError('message_not_found')
      world.feedback.set(message_id, { rating, comment })
      return { updated_at: getTimestamp(world) }
    },
  }
}

function getOwnReply(world: World, user_id: string, message_id: string): StoredReply {
  const stored = world.messages.get(message_id)
  if (!isReply(stored) || stored.row.message.user_id !== user_id) throw new ChatError('message_not_found')
  return stored
}

function post(world: World, { message_id, event_id, user_id, category, key, ...input }: PostCommand) {
  const earlier = key && findEarlierPost(world, user_id, key)
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
  const stored = storeMessage(world, getRoom(world, event_id), draft, input.audience)
  if (key) stored.key = key
  return { row: stored.row, change: toRoomChange(stored.row), job: null }
}

function findEarlierPost(world: World, user_id: string, key: NonNullable<PostCommand['key']>) {
  const earlier = [...world.messages.values()].find(
    (stored) => stored.key?.client_message_id === key.client_message_id && stored.row.message.user_id === user_id,
  )
  if (earlier && earlier.key?.request_hash !== key.request_hash) throw new ChatError('idempotency_mismatch')
  return earlier
}

function cancel(world: World, stored: StoredReply) {
  if (!isThinking(stored)) return { row: stored.row, change: null, job: null, claimed: false }
  if (stored.reply.lease_until !== null) {
    stored.reply.cancel_requested = true
    return { row: stored.row, change: null, job: null, claimed: true }
  }
  const message_content = { content: '', finish_reason: 'cancelled' as const, attempts: 0 }
  const row = changeMessage(world, stored, { message_type: 'chat', message_content })
  stored.reply.due_at = null
  releaseReservation(world, row.message.message_id)
  return { row, change: toRoomChange(row), job: findNextJob(world, row.message.chat_session_id), claimed: false }
}

function retry(
  world: World,
  stored: StoredReply,
  estimateSpend: (requestedModelId: string | null) => Spend = () => NO_SPEND,
) {
  if (isThinking(stored)) return { row: stored.row, change: null, job: null }
  const { user_id, event_id, message_id, pinned } = stored.row.message
  if (pinned) throw new ChatError('message_pinned')
  reserveForQuestion(world, { user_id: user_id ?? '', event_id }, message_id, estimateSpend(stored.reply.model))
  const { model, versions } = stored.reply
  stored.reply = { ...createReplyState(world, model), versions: [...versions, stored.row.message.message_content] }
  const row = changeMessage(world, stored, THINKING, { attempt: stored.row.attempt + 1 })
  return { row, change: toRoomChange(row), job: isEarliestUnfinished(world, stored) ? toReplyRef(stored) : null }
}

function share(world: World, user_id: string, session_id: string) {
  const session = world.sessions.get(session_id)
  if (session?.user_id !== user_id) throw new ChatError('session_not_found')
  if (session.visibility === 'room') return { change: null }
  setSlots(world, planSlotsAfterShare(listSessions(world, user_id, session.event_id), session))
  const placed = world.sessions.get(session_id) ?? session
  world.sessions.set(session_id, { ...placed, visibility: 'room', updated_at: getTimestamp(world) })
  const rows = listSessionRows(world, session_id).map((stored) =>
    changeMessage(world, stored, { visibility: 'room' }, { audience: 'people' }),
  )
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return { change: null }
  return { change: { event_id: session.event_id, first_seq: first.message.seq, seq: last.message.seq, rows } }
}
