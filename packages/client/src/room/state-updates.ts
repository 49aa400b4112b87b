// These functions are for `Room.updateState`: they apply what no frame of the socket brings.

import type { Message, MessagePage } from '@engineer-chat/protocol'
import { putMessage } from './apply-frame.ts'
import type { RoomState } from './state.ts'

/**
 * Adds rows of an HTTP response, or replaces their loaded versions as `putMessage` does. Such a row may be the complete
 * form of one that the socket truncated.
 */
export function addMessages(state: RoomState, messages: readonly Message[]): RoomState {
  return messages.reduce(putMessage, state)
}

/** Adds the page of messages that was read with `before` set to the position of the first shown row. */
export function addOlderPage(state: RoomState, page: MessagePage): RoomState {
  const withPage = addMessages(state, page.messages)
  const first = findFirstPosition(page)
  if (state.olderRange) {
    const olderRange = { ...state.olderRange, first: first ?? state.olderRange.first, hasOlder: page.has_more }
    return { ...withPage, olderRange }
  }
  return { ...withPage, hasOlder: page.has_more, newestRangeStart: first ?? state.newestRangeStart }
}

/**
 * Shows the page of messages around an old message, in place of the present `olderRange`. If the page overlaps the
 * newest range, both become one range.
 */
export function showOlderRange(state: RoomState, page: MessagePage): RoomState {
  const [first, last] = [findFirstPosition(page), page.messages.at(-1)?.position]
  if (first === undefined || last === undefined) return state
  const olderRange = { first, last, hasOlder: page.has_more }
  return joinOlderRange({ ...addMessages(state, page.messages), olderRange })
}

/** Adds the page of messages that was read with `after` set to the position of the last row of `olderRange`. */
export function addNewerPage(state: RoomState, page: MessagePage): RoomState {
  if (state.olderRange === null) return state
  const last = page.messages.at(-1)?.position ?? state.olderRange.last
  const withPage = { ...addMessages(state, page.messages), olderRange: { ...state.olderRange, last } }
  const isNewestReached = !page.has_more
  return joinOlderRange(withPage, isNewestReached)
}

/**
 * Shows the newest rows again. The rows of the older range stay in memory, but the state forgets that this range is
 * complete. So the range is loaded again when the reader scrolls there.
 */
export const leaveOlderRange = (state: RoomState): RoomState =>
  state.olderRange === null ? state : { ...state, olderRange: null }

/**
 * Returns the first position of a range whose first page this is. It is 0 if the page reaches the beginning of the room:
 * rows that become visible later, such as those of a session that is shared, may come before its first row.
 */
const findFirstPosition = ({ messages, has_more }: MessagePage): number | undefined =>
  has_more ? messages[0]?.position : 0

/** Joins the range `olderRange` with the newest range once it is certain that no row is missing between them. */
function joinOlderRange(state: RoomState, isNewestReached = false): RoomState {
  const { olderRange, newestRangeStart } = state
  if (olderRange === null || newestRangeStart === null) return state
  const mayMissRows = olderRange.last < newestRangeStart && !isNewestReached
  if (mayMissRows) return state
  const isInsideNewestRange = newestRangeStart <= olderRange.first
  if (isInsideNewestRange) return { ...state, olderRange: null }
  return { ...state, olderRange: null, newestRangeStart: olderRange.first, hasOlder: olderRange.hasOlder }
}
