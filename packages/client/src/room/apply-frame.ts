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
import { addDelta, applySnapshot, endReply, type LiveReply } from './live-reply.ts'
import { createRoomState, findInsertIndex, isThinking, type RoomState } from './state.ts'

export type RoomFrame = Subscribed | MessageChanged | EventChanged | ReplyDelta | ReplySnapshot | Cursor | Presence

/** Applies a frame. Frames that come twice, late or in another order lead to the same room. */
export function applyFrame(room: RoomState, frame: RoomFrame): RoomState {
  switch (frame.type) {
    case 'subscribed':
      return subscribed(room, frame)
    case 'message':
      return advanceSeq(putMessage(room, frame.message), frame.seq)
    case 'event':
      return advanceSeq(putEvent(room, frame.event, frame.seq), frame.seq)
    case 'cursor':
      return advanceSeq(room, frame.seq)
    case 'delta':
      return putReply(room, frame.message_id, addDelta(room.live.get(frame.message_id), frame))
    case 'snapshot':
      return putReply(room, frame.message_id, applySnapshot(room.live.get(frame.message_id), frame))
    case 'presence':
      return { ...room, users: frame.users }
    default:
      frame satisfies never // A newer server may send frames that this client does not know yet.
      return room
  }
}

function subscribed(room: RoomState, frame: Subscribed): RoomState {
  const anew = frame.reset || room.last_seq === null
  const base = frame.reset ? { ...createRoomState(room.event_id), pending: room.pending, users: room.users } : room
  const filled = frame.messages.reduce(putMessage, { ...putEvent(base, frame.event, frame.seq), refused: null })
  const last_seq = Math.max(base.last_seq ?? 0, frame.seq)
  if (!anew) return { ...filled, last_seq }
  return { ...filled, last_seq, has_more: frame.has_more, first_position: frame.messages[0]?.position ?? null }
}

/** The row with the higher seq wins at its position. A complete row replaces one that the socket truncated. */
export function putMessage(room: RoomState, message: Message): RoomState {
  const at = findInsertIndex(room.messages, message.position)
  const there = room.messages[at]?.position === message.position ? room.messages[at] : undefined
  if (there && !isNewer(message, there)) return room
  const messages = there ? room.messages.with(at, message) : room.messages.toSpliced(at, 0, message)
  const live = room.live.get(message.message_id)
  const over = live !== undefined && !live.ended && !isThinking(message)
  return over
    ? { ...room, messages, live: new Map(room.live).set(message.message_id, endReply(live)) }
    : { ...room, messages }
}

const isNewer = (message: Message, there: Message) =>
  message.seq > there.seq || (message.seq === there.seq && there.truncated === true && !message.truncated)

function putEvent(room: RoomState, event: Event, seq: number): RoomState {
  return room.event !== null && seq <= room.event_seq ? room : { ...room, event, event_seq: seq }
}

function putReply(room: RoomState, message_id: string, live: LiveReply): RoomState {
  return room.live.get(message_id) === live ? room : { ...room, live: new Map(room.live).set(message_id, live) }
}

/** Before the first `subscribed` frame rows may be missing below this number, so it isn't advanced. */
function advanceSeq(room: RoomState, seq: number): RoomState {
  return room.last_seq === null || seq <= room.last_seq ? room : { ...room, last_seq: seq }
}
