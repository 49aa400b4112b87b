// These functions are for `Room.updateState`: they apply what no frame of the socket brings.

import type { Message, MessagePage } from '@engineer-chat/protocol'
import { putMessage } from './apply-frame.ts'
import type { RoomState } from './state.ts'

/** Adds rows that an HTTP response contains, such as the complete form of a row that the socket truncated. */
export function addMessages(room: RoomState, messages: readonly Message[]): RoomState {
  return messages.reduce(putMessage, room)
}

/** Adds the page of messages that was read with `before` set to the position of the first shown row. */
export function addOlderPage(room: RoomState, page: MessagePage): RoomState {
  const withPage = addMessages(room, page.messages)
  const firstPosition = page.messages[0]?.position
  if (room.olderRange) {
    const first = firstPosition ?? room.olderRange.first
    return { ...withPage, olderRange: { ...room.olderRange, first, hasOlder: page.has_more } }
  }
  return { ...withPage, hasOlder: page.has_more, newestRangeFirst: firstPosition ?? room.newestRangeFirst }
}

/**
 * Shows the page of messages around an old one, in place of an older range that was shown before. If the page overlaps
 * the newest range, both become one range.
 */
export function showOlderRange(room: RoomState, { messages, has_more: hasOlder }: MessagePage): RoomState {
  const [first, last] = [messages[0]?.position, messages.at(-1)?.position]
  if (first === undefined || last === undefined) return room
  return joinOlderRange({ ...addMessages(room, messages), olderRange: { first, last, hasOlder } })
}

/** Adds the page of messages that was read with `after` set to the position of the last row of `olderRange`. */
export function addNewerPage(room: RoomState, page: MessagePage): RoomState {
  if (room.olderRange === null) return room
  const last = page.messages.at(-1)?.position ?? room.olderRange.last
  const withPage = { ...addMessages(room, page.messages), olderRange: { ...room.olderRange, last } }
  const isNewestReached = !page.has_more
  return joinOlderRange(withPage, isNewestReached)
}

/**
 * Shows the newest rows again. The rows of the older range stay in memory, but the state forgets that this range is
 * complete. So the range is loaded again when the reader scrolls there.
 */
export const leaveOlderRange = (room: RoomState): RoomState =>
  room.olderRange === null ? room : { ...room, olderRange: null }

/** Joins the range `olderRange` with the newest loaded rows once no row is missing between them. */
function joinOlderRange(room: RoomState, isNewestReached = false): RoomState {
  const { olderRange, newestRangeFirst } = room
  if (olderRange === null || newestRangeFirst === null || (olderRange.last < newestRangeFirst && !isNewestReached))
    return room
  if (newestRangeFirst <= olderRange.first) return { ...room, olderRange: null }
  return { ...room, olderRange: null, newestRangeFirst: olderRange.first, hasOlder: olderRange.hasOlder }
}
