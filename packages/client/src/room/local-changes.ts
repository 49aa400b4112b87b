import type { Message, MessagePage } from '@engineer-chat/protocol'
import { putMessage } from './apply-frame.ts'
import type { PendingSend, RoomState } from './state.ts'

/** Adds rows that came by HTTP: the response to a request, or a row that the socket truncated. */
export function addMessages(room: RoomState, messages: readonly Message[]): RoomState {
  return messages.reduce(putMessage, room)
}

/** Adds the page that was read with `before` set to the position of the first shown row. */
export function addOlderPage(room: RoomState, page: MessagePage): RoomState {
  const withPage = addMessages(room, page.messages)
  const pagePosition = page.messages[0]?.position
  if (room.history) {
    const first = pagePosition ?? room.history.first
    return { ...withPage, history: { ...room.history, first, hasOlder: page.has_more } }
  }
  return { ...withPage, hasOlder: page.has_more, firstPosition: pagePosition ?? room.firstPosition }
}

/** Shows the page around an old message. If it overlaps the loaded rows, both become one range. */
export function showHistory(room: RoomState, { messages, has_more: hasOlder }: MessagePage): RoomState {
  const [first, last] = [messages[0]?.position, messages.at(-1)?.position]
  if (first === undefined || last === undefined) return room
  return joinHistory({ ...addMessages(room, messages), history: { first, last, hasOlder } })
}

/** Adds the page that was read with `after` set to the position of the last row of `history`. */
export function addNewerPage(room: RoomState, page: MessagePage): RoomState {
  if (room.history === null) return room
  const last = page.messages.at(-1)?.position ?? room.history.last
  const withPage = { ...addMessages(room, page.messages), history: { ...room.history, last } }
  const isNewestReached = !page.has_more
  return joinHistory(withPage, isNewestReached)
}

/** Shows the newest rows again. The rows of `history` stay in memory, and are read again when somebody scrolls to them. */
export const leaveHistory = (room: RoomState): RoomState => (room.history === null ? room : { ...room, history: null })

/** Joins the range `history` with the newest loaded rows once no row is missing between them. */
function joinHistory(room: RoomState, isNewestReached = false): RoomState {
  const { history, firstPosition } = room
  if (history === null || firstPosition === null || (history.last < firstPosition && !isNewestReached)) return room
  if (firstPosition <= history.first) return { ...room, history: null }
  return { ...room, history: null, firstPosition: history.first, hasOlder: history.hasOlder }
}

/** Adds a pending send, or replaces the one with the same id. */
export function addPending(room: RoomState, send: PendingSend): RoomState {
  return {
    ...removePending(room, send.client_message_id),
    pending: [...listOtherPending(room, send.client_message_id), send],
  }
}

export function removePending(room: RoomState, client_message_id: string): RoomState {
  return { ...room, pending: listOtherPending(room, client_message_id) }
}

const listOtherPending = (room: RoomState, client_message_id: string) =>
  room.pending.filter((pending) => pending.client_message_id !== client_message_id)
