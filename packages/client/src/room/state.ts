import type { Event, FrameErrorCode, Message } from '@engineer-chat/protocol'
import type { LiveReply } from './live-reply.ts'

/** Describes a question that the server has not confirmed yet. */
export interface PendingSend {
  readonly client_message_id: string
  readonly text: string
  readonly state: 'sending' | 'failed'
}

/** Bounds a range of positions in which no row that this reader may see is missing. */
export interface MessageRange {
  readonly first: number
  readonly last: number
  readonly has_older: boolean
}

/** Holds what is known of one room. It is immutable: each change makes a new value. */
export interface RoomState {
  readonly event_id: string
  readonly event: Event | null
  readonly event_seq: number
  /** The messages are sorted by position. */
  readonly messages: readonly Message[]
  readonly liveReplies: ReadonlyMap<string, LiveReply>
  readonly pending: readonly PendingSend[]
  /** A new subscription continues after this number; null until the room has been subscribed to. */
  readonly last_seq: number | null
  /** Is true if there are messages before `first_position`, which are read by HTTP. */
  readonly has_more: boolean
  /** The loaded pages begin here. A changed row may stand before it, with unknown ones in between. */
  readonly first_position: number | null
  /** Somebody is reading this range of the past, and it doesn't reach up to `first_position`. */
  readonly past: MessageRange | null
  readonly users: readonly string[]
  /** The server gave this reason for refusing the room; null while it is open. */
  readonly refusalCode: FrameErrorCode | null
}

export const createRoomState = (event_id: string): RoomState => ({
  event_id,
  event: null,
  event_seq: 0,
  messages: [],
  liveReplies: new Map(),
  pending: [],
  last_seq: null,
  has_more: false,
  first_position: null,
  past: null,
  users: [],
  refusalCode: null,
})

export const isThinking = (message: Message): boolean => message.message_type === 'thinking'

/** Returns the index at which a position is, or would be inserted. */
export function findInsertIndex(messages: readonly Message[], position: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const message = messages[middle]
    if (message && message.position < position) low = middle + 1
    else high = middle
  }
  return low
}

/** Returns the range of the past that is being read, or else all loaded rows; null if nothing is loaded. */
export function findShownRange({ past, first_position, has_more }: RoomState): MessageRange | null {
  if (past !== null || first_position === null) return past
  return { first: first_position, last: Number.POSITIVE_INFINITY, has_older: has_more }
}

export function findMessage(room: RoomState, message_id: string): Message | undefined {
  return room.messages.findLast((message) => message.message_id === message_id)
}

/** Returns a reply in progress; undefined unless its row is loaded and thinking. */
export function findLiveReply(room: RoomState, message_id: string): LiveReply | undefined {
  const reply = room.liveReplies.get(message_id)
  if (reply === undefined || reply.ended) return undefined
  const row = findMessage(room, message_id)
  return row && isThinking(row) ? reply : undefined
}
