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
  const first = page.messages[0]?.position
  if (room.past) {
    return { ...withPage, past: { ...room.past, first: first ?? room.past.first, has_older: page.has_more } }
  }
  return { ...withPage, has_more: page.has_more, first_position: first ?? room.first_position }
}

/** Shows the page around an old message. If it overlaps the loaded rows, both become one range. */
export function showPast(room: RoomState, { messages, has_more: has_older }: MessagePage): RoomState {
  const [first, last] = [messages[0]?.position, messages.at(-1)?.position]
  if (first === undefined || last === undefined) return room
  return joinPast({ ...addMessages(room, messages), past: { first, last, has_older } })
}

/** Adds the page that was read with `after` set to the position of the last row of `past`. */
export function addNewerPage(room: RoomState, page: MessagePage): RoomState {
  if (room.past === null) return room
  const last = page.messages.at(-1)?.position ?? room.past.last
  const next = { ...addMessages(room, page.messages), past: { ...room.past, last } }
  return joinPast(next, !page.has_more)
}

/** Shows the newest rows again. The rows of `past` stay in memory, and are read again when somebody scrolls to them. */
export const leavePast = (room: RoomState): RoomState => (room.past === null ? room : { ...room, past: null })

/** Joins the range `past` with the newest loaded rows once no row is missing between them. */
function joinPast(room: RoomState, reachesNewest = false): RoomState {
  const { past, first_position } = room
  if (past === null || first_position === null || (past.last < first_position && !reachesNewest)) return room
  if (first_position <= past.first) return { ...room, past: null }
  return { ...room, past: null, first_position: past.first, has_more: past.has_older }
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
