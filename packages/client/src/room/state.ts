import type { Event, FrameErrorCode, Message } from '@engineer-chat/protocol'
import type { ReplyInProgress } from './reply-in-progress.ts'

/** Describes a range of positions. All its rows that the reader may see are loaded. */
export interface MessageRange {
  /** No row of the range is before this position. It is 0 if the range reaches the beginning of the room. */
  readonly first: number
  /** Is the position of the last row; infinite if the range grows with each new row. */
  readonly last: number
  /** Says whether there are messages before `first`. */
  readonly hasOlder: boolean
}

/** Holds the loaded state of one room. It is immutable: each change creates a new object. */
export interface RoomState {
  readonly event_id: string
  readonly event: Event | null
  /** The event is as it was at this sequence number of the room. */
  readonly eventSeq: number
  /** The messages are sorted by position. */
  readonly messages: readonly Message[]
  /**
   * Maps the ids of replies to their texts so far. It also holds replies that have ended, with an empty text, so that
   * their late deltas are ignored.
   */
  readonly repliesInProgress: ReadonlyMap<string, ReplyInProgress>
  /** The next `subscribe` frame continues after this sequence number; null until the room has been subscribed to. */
  readonly lastSeq: number | null
  /** Says whether there are messages before `newestRangeStart`, which are read by HTTP. */
  readonly hasOlder: boolean
  /**
   * Is the first position of the newest range: from here on, all rows are loaded. Single rows at lower positions may be
   * loaded, too, because the socket sends every changed row. It is 0 if the range reaches the room's beginning, and null
   * until the newest rows are loaded.
   */
  readonly newestRangeStart: number | null
  /**
   * Is the range of older messages that is shown; it ends before `newestRangeStart`. It is null if the newest messages
   * are shown.
   */
  readonly olderRange: MessageRange | null
  /** Lists the ids of the people who are in the room now, at most MAX_NAMED_USERS (200). */
  readonly presentUserIds: readonly string[]
  /** The server refused the subscription for this reason; null if it did not. */
  readonly refusalCode: FrameErrorCode | null
}

export const createRoomState = (event_id: string): RoomState => ({
  event_id,
  event: null,
  eventSeq: 0,
  messages: [],
  repliesInProgress: new Map(),
  lastSeq: null,
  hasOlder: false,
  newestRangeStart: null,
  olderRange: null,
  presentUserIds: [],
  refusalCode: null,
})

export const isThinking = (message: Message): boolean => message.message_type === 'thinking'

/** Returns the index of the message at a position, or else the index at which such a message would be inserted. */
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

/** Returns the range of older messages that is shown, or else the newest range; null until its rows are loaded. */
export function findShownRange({ olderRange, newestRangeStart, hasOlder }: RoomState): MessageRange | null {
  if (olderRange !== null || newestRangeStart === null) return olderRange
  return { first: newestRangeStart, last: Number.POSITIVE_INFINITY, hasOlder }
}

/** Begins its search at the newest message, because most of the messages that are searched for are new. */
export function findMessage(state: RoomState, message_id: string): Message | undefined {
  return state.messages.findLast((message) => message.message_id === message_id)
}

/** Returns a reply in progress; undefined unless its row is loaded and thinking. */
export function findReplyInProgress(state: RoomState, message_id: string): ReplyInProgress | undefined {
  const reply = state.repliesInProgress.get(message_id)
  if (reply === undefined || reply.hasEnded) return undefined
  const row = findMessage(state, message_id)
  return row && isThinking(row) ? reply : undefined
}
