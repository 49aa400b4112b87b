import type {
  Cursor,
  Event,
  EventChanged,
  Message,
  MessageChanged,
  Presence,
  ReplyDelta,
  ReplySnapshot,
  Subscribed,
} from '@engineer-chat/protocol'
import { addDelta, applySnapshot, endReply, type ReplyInProgress } from './reply-in-progress.ts'
import { createRoomState, findInsertIndex, isThinking, type RoomState } from './state.ts'

export type RoomFrame = Subscribed | MessageChanged | EventChanged | ReplyDelta | ReplySnapshot | Cursor | Presence

/**
 * Returns the state after a frame. Rows, events and deltas may arrive twice, late or in another order: the result is
 * the same.
 */
export function applyFrame(state: RoomState, frame: RoomFrame): RoomState {
  switch (frame.type) {
    case 'subscribed':
      return putSubscribed(state, frame)
    case 'message':
      return advanceSeq(putMessage(state, frame.message), frame.seq)
    case 'event':
      return advanceSeq(putEvent(state, frame.event, frame.seq), frame.seq)
    case 'cursor':
      return advanceSeq(state, frame.seq)
    case 'delta':
      return updateReplyInProgress(state, frame.message_id, (reply) => addDelta(reply, frame))
    case 'snapshot':
      return updateReplyInProgress(state, frame.message_id, (reply) => applySnapshot(reply, frame))
    case 'presence':
      return { ...state, presentUserIds: frame.users }
    default:
      frame satisfies never // A newer server may send frames that this client does not know yet.
      return state
  }
}

/** With `reset`, the loaded rows are dropped, and the frame brings the newest page. */
function putSubscribed(state: RoomState, frame: Subscribed): RoomState {
  const isNewestPage = frame.reset || state.lastSeq === null
  const base = frame.reset ? { ...createRoomState(state.event_id), presentUserIds: state.presentUserIds } : state
  const withMessages = frame.messages.reduce(putMessage, {
    ...putEvent(base, frame.event, frame.seq),
    refusalCode: null,
  })
  const lastSeq = Math.max(base.lastSeq ?? 0, frame.seq)
  // A resumed subscription brings only the rows that changed after `state.lastSeq`, so `newestRangeStart` stays.
  if (!isNewestPage) return { ...withMessages, lastSeq }
  // Without older rows, the range begins at 0: rows that do not fit into this frame follow as `message` frames, some of
  // them before its first row.
  const newestRangeStart = frame.has_more ? (frame.messages[0]?.position ?? null) : 0
  return { ...withMessages, lastSeq, hasOlder: frame.has_more, newestRangeStart }
}

/**
 * Adds a message, or replaces the loaded version at its position if the new one has a higher seq. At the same seq, a
 * complete version replaces a truncated one.
 */
export function putMessage(state: RoomState, message: Message): RoomState {
  const index = findInsertIndex(state.messages, message.position)
  const existing = state.messages[index]?.position === message.position ? state.messages[index] : undefined
  if (existing && !isNewer(message, existing)) return state
  const messages = existing ? state.messages.with(index, message) : state.messages.toSpliced(index, 0, message)
  const reply = state.repliesInProgress.get(message.message_id)
  const endsReply = reply !== undefined && !reply.hasEnded && !isThinking(message)
  if (!endsReply) return { ...state, messages }
  const repliesInProgress = new Map(state.repliesInProgress).set(message.message_id, endReply(reply))
  return { ...state, messages, repliesInProgress }
}

const isNewer = (message: Message, existing: Message) =>
  message.seq > existing.seq || (message.seq === existing.seq && existing.truncated === true && !message.truncated)

function putEvent(state: RoomState, event: Event, seq: number): RoomState {
  return state.event !== null && seq <= state.eventSeq ? state : { ...state, event, eventSeq: seq }
}

function updateReplyInProgress(
  state: RoomState,
  message_id: string,
  update: (reply: ReplyInProgress | undefined) => ReplyInProgress,
): RoomState {
  const previousReply = state.repliesInProgress.get(message_id)
  const reply = update(previousReply)
  if (reply === previousReply) return state
  return { ...state, repliesInProgress: new Map(state.repliesInProgress).set(message_id, reply) }
}

/** Before the first `subscribed` frame, rows with a lower number may be missing, so `lastSeq` stays null. */
function advanceSeq(state: RoomState, seq: number): RoomState {
  return state.lastSeq === null || seq <= state.lastSeq ? state : { ...state, lastSeq: seq }
}
