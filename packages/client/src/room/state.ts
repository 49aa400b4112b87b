import type { Event, FrameErrorCode, Message } from '@engineer-chat/protocol'
import type { LiveReply } from './live-reply.ts'

/** A question of ours that the server hasn't confirmed yet. */
export interface PendingSend {
  readonly client_message_id: string
  readonly text: string
  readonly state: 'sending' | 'failed'
}

/** Rows in a row: nothing that this reader may see is missing between them. */
export interface MessageRange {
  readonly first: number
  readonly last: number
  readonly has_older: boolean
}

/** All that we know of one room. Never changed in place: a new value is a change, the same value is none. */
export interface RoomState {
  readonly event_id: string
  readonly event: Event | null
  readonly event_seq: number
  /** By position. */
  readonly messages: readonly Message[]
  readonly live: ReadonlyMap<string, LiveReply>
  readonly pending: readonly PendingSend[]
  /** Where to go on after a disconnect; null until the room has been subscribed to. */
  readonly last_seq: number | null
  /** There are messages before `first_position`, to be read by HTTP. */
  readonly has_more: boolean
  /** Where the pages that we have begin. A changed row may stand before it, with unknown ones in between. */
  readonly first_position: number | null
  /** Where somebody is reading in the past, as long as what follows doesn't reach up to `first_position`. */
  readonly past: MessageRange | null
  /** Who is here. */
  readonly users: readonly string[]
  /** Why the server doesn't let us in, or no longer. */
  readonly refused: FrameErrorCode | null
}

export const createRoomState = (event_id: string): RoomState => ({
  event_id,
  event: null,
  event_seq: 0,
  messages: [],
  live: new Map(),
  pending: [],
  last_seq: null,
  has_more: false,
  first_position: null,
  past: null,
  users: [],
  refused: null,
})

export const isThinking = (message: Message): boolean => message.message_type === 'thinking'

/** Where a position is, or belongs. */
export function indexOf(messages: readonly Message[], position: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const there = messages[middle]
    if (there && there.position < position) low = middle + 1
    else high = middle
  }
  return low
}

/** What can be shown together: where the reader is in the past, or else all up to now. Null: nothing is loaded. */
export function findShownRange({ past, first_position, has_more }: RoomState): MessageRange | null {
  if (past !== null || first_position === null) return past
  return { first: first_position, last: Number.POSITIVE_INFINITY, has_older: has_more }
}

export function findMessage(room: RoomState, message_id: string): Message | undefined {
  return room.messages.findLast((message) => message.message_id === message_id)
}

/** What a reply in progress shows; undefined unless its row is here and thinking. */
export function findLiveReply(room: RoomState, message_id: string): LiveReply | undefined {
  const live = room.live.get(message_id)
  if (live === undefined || live.ended) return undefined
  const row = findMessage(room, message_id)
  return row && isThinking(row) ? live : undefined
}
