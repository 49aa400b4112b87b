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
  const firstPosition = page.messages[0]?.position
  if (state.olderRange) {
    const first = firstPosition ?? state.olderRange.first
    return { ...withPage, olderRange: { ...state.olderRange, first, hasOlder: page.has_more } }
  }
  return { ...withPage, hasOlder: page.has_more, newestRangeFirst: firstPosition ?? state.newestRangeFirst }
}

/**
 * Shows the page of messages around an old message, in place of the present `olderRange`. If the page overlaps the
 * newest range, both become one range.
 */
export function showOlderRange(state: RoomState, { messages, has_more: hasOlder }: MessagePage): RoomState {
  const [first, last] = [messages[0]?.position, messages.at(-1)?.position]
  if (first === undefined || last === undefined) return state
  return joinOlderRange({ ...addMessages(state, messages), olderRange: { first, last, hasOlder } })
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

/** Joins the range `olderRange` with the newest loaded rows once no row is missing between them. */
function joinOlderRange(state: RoomState, isNewestReached = false): RoomState {
  const { olderRange, newestRangeFirst } = state
  if (olderRange === null || newestRangeFirst === null) return state
  const isRowMissing = olderRange.last < newestRangeFirst && !isNewestReached
  if (isRowMissing) return state
  const isInsideNewestRange = newestRangeFirst <= olderRange.first
  if (isInsideNewestRange) return { ...state, olderRange: null }
  return { ...state, olderRange: null, newestRangeFirst: olderRange.first, hasOlder: olderRange.hasOlder }
}
