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

/** Applies a frame. Rows, events and deltas may arrive twice, late or in another order: the result is the same. */
export function applyFrame(room: RoomState, frame: RoomFrame): RoomState {
  switch (frame.type) {
    case 'subscribed':
      return putSubscribed(room, frame)
    case 'message':
      return advanceSeq(putMessage(room, frame.message), frame.seq)
    case 'event':
      return advanceSeq(putEvent(room, frame.event, frame.seq), frame.seq)
    case 'cursor':
      return advanceSeq(room, frame.seq)
    case 'delta':
      return updateReplyInProgress(room, frame.message_id, (reply) => addDelta(reply, frame))
    case 'snapshot':
      return updateReplyInProgress(room, frame.message_id, (reply) => applySnapshot(reply, frame))
    case 'presence':
      return { ...room, presentUserIds: frame.users }
    default:
      frame satisfies never // A newer server may send frames that this client does not know yet.
      return room
  }
}

function putSubscribed(room: RoomState, frame: Subscribed): RoomState {
  const isNewestPage = frame.reset || room.lastSeq === null
  const base = frame.reset ? { ...createRoomState(room.event_id), presentUserIds: room.presentUserIds } : room
  const withMessages = frame.messages.reduce(putMessage, {
    ...putEvent(base, frame.event, frame.seq),
    refusalCode: null,
  })
  const lastSeq = Math.max(base.lastSeq ?? 0, frame.seq)
  // A resumed subscription brings only the rows that changed after `room.lastSeq`, so `newestRangeFirst` stays.
  if (!isNewestPage) return { ...withMessages, lastSeq }
  // If there is no row that the reader may see, all of them from position 0 on are loaded.
  const firstOfEmptyPage = frame.has_more ? null : 0
  const newestRangeFirst = frame.messages[0]?.position ?? firstOfEmptyPage
  return { ...withMessages, lastSeq, hasOlder: frame.has_more, newestRangeFirst }
}

/**
 * Adds a message, or replaces the loaded version at its position if the new one has a higher seq. At the same seq, a
 * complete version replaces a truncated one.
 */
export function putMessage(room: RoomState, message: Message): RoomState {
  const index = findInsertIndex(room.messages, message.position)
  const existing = room.messages[index]?.position === message.position ? room.messages[index] : undefined
  if (existing && !isNewer(message, existing)) return room
  const messages = existing ? room.messages.with(index, message) : room.messages.toSpliced(index, 0, message)
  const reply = room.repliesInProgress.get(message.message_id)
  const endsReply = reply !== undefined && !reply.hasEnded && !isThinking(message)
  return endsReply
    ? { ...room, messages, repliesInProgress: new Map(room.repliesInProgress).set(message.message_id, endReply(reply)) }
    : { ...room, messages }
}

const isNewer = (message: Message, existing: Message) =>
  message.seq > existing.seq || (message.seq === existing.seq && existing.truncated === true && !message.truncated)

function putEvent(room: RoomState, event: Event, seq: number): RoomState {
  return room.event !== null && seq <= room.eventSeq ? room : { ...room, event, eventSeq: seq }
}

function updateReplyInProgress(
  room: RoomState,
  message_id: string,
  update: (reply: ReplyInProgress | undefined) => ReplyInProgress,
): RoomState {
  const previousReply = room.repliesInProgress.get(message_id)
  const reply = update(previousReply)
  if (reply === previousReply) return room
  return { ...room, repliesInProgress: new Map(room.repliesInProgress).set(message_id, reply) }
}

/** Before the first `subscribed` frame, rows with a lower number may be missing, so `lastSeq` stays null. */
function advanceSeq(room: RoomState, seq: number): RoomState {
  return room.lastSeq === null || seq <= room.lastSeq ? room : { ...room, lastSeq: seq }
}
