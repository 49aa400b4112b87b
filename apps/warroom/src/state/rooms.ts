import { type Room, type RoomState, withMessages, withOlderPage } from '@engineer-chat/client'
import { useSyncExternalStore } from 'react'
import { client, theSocket } from './session.ts'

const open = new Map<string, Room>()
const loading = new Map<string, Promise<boolean>>()
const PAGE = 100

/** The room as the socket keeps it. It stays open while the page is: coming back to it shows it at once. */
export function theRoom(event_id: string): Room {
  let room = open.get(event_id)
  if (!room) {
    room = theSocket().room(event_id)
    open.set(event_id, room)
  }
  return room
}

/** A part of a room's state; the component is drawn again when that part is another, and not with every token. */
export function useRoom<T>(event_id: string, select: (state: RoomState) => T): T {
  const room = theRoom(event_id)
  return useSyncExternalStore(
    (changed) => room.on('change', changed),
    () => select(room.state),
  )
}

/** One page of what came before; false when there is nothing. */
export function loadOlder(event_id: string): Promise<boolean> {
  const running = loading.get(event_id)
  if (running !== undefined) return running
  const load = readOlder(event_id).finally(() => loading.delete(event_id))
  loading.set(event_id, load)
  return load
}

async function readOlder(event_id: string): Promise<boolean> {
  const room = theRoom(event_id)
  const { has_more, first_position } = room.state
  if (!has_more || first_position === null) return false
  const page = await client.messages(event_id, { before: first_position, limit: PAGE })
  // A reset came while we read: the page doesn't join on to what is shown now.
  if (room.state.first_position !== first_position) return true
  room.change((state) => withOlderPage(state, page))
  return page.messages.length > 0
}

/** Loads until the message is there, or nothing older is. */
export async function loadUntil(event_id: string, isThere: (state: RoomState) => boolean): Promise<boolean> {
  while (!isThere(theRoom(event_id).state)) {
    if (!(await loadOlder(event_id))) return isThere(theRoom(event_id).state)
  }
  return true
}

/** What the socket cut at 64 KiB, whole. */
export async function loadWhole(event_id: string, position: number): Promise<void> {
  const { messages } = await client.messages(event_id, { before: position + 1, limit: 1 })
  theRoom(event_id).change((state) => withMessages(state, messages))
}
