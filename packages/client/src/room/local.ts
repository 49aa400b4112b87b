import type { Message, MessagePage } from '@engineer-chat/protocol'
import { putMessage } from './apply-frame.ts'
import type { PendingSend, RoomState } from './state.ts'

/** Rows that came by HTTP: an answer to what we did, or a whole row that the socket cut. */
export function withMessages(room: RoomState, messages: readonly Message[]): RoomState {
  return messages.reduce(putMessage, room)
}

/** The page that was read with `before: room.first_position`. */
export function withOlderPage(room: RoomState, page: MessagePage): RoomState {
  const first_position = page.messages[0]?.position ?? room.first_position
  return { ...withMessages(room, page.messages), has_more: page.has_more, first_position }
}

/** Puts it, or replaces the one with the same id. */
export function withPending(room: RoomState, send: PendingSend): RoomState {
  return { ...withoutPending(room, send.client_message_id), pending: [...others(room, send.client_message_id), send] }
}

export function withoutPending(room: RoomState, client_message_id: string): RoomState {
  return { ...room, pending: others(room, client_message_id) }
}

const others = (room: RoomState, client_message_id: string) =>
  room.pending.filter((pending) => pending.client_message_id !== client_message_id)
