import {
  ApiProblem,
  addMessages,
  addNewerPage,
  addOlderPage,
  findMessage,
  findShownRange,
  leavePast,
  type Room,
  type RoomState,
  showPast,
} from '@engineer-chat/client'
import { useSyncExternalStore } from 'react'
import { client, getSocket } from '../people/session.ts'

const open = new Map<string, Room>()
const loading = new Map<string, Promise<boolean>>()
const PAGE = 100

/** The room as the socket keeps it. It stays open while the page is: coming back to it shows it at once. */
export function getRoom(event_id: string): Room {
  let room = open.get(event_id)
  if (!room) {
    room = getSocket().room(event_id)
    open.set(event_id, room)
  }
  return room
}

/** Calls whenever the room has begun anew: what was read of it is forgotten. Gives the end of it. */
export function onReset(event_id: string, begun: () => void): () => void {
  return getSocket().on('frame', (frame) => {
    if (frame.type === 'subscribed' && frame.event_id === event_id && frame.reset) begun()
  })
}

/** A part of a room's state; the component is drawn again when that part is another, and not with every token. */
export function useRoom<T>(event_id: string, select: (state: RoomState) => T): T {
  const room = getRoom(event_id)
  return useSyncExternalStore(
    (changed) => room.on('change', changed),
    () => select(room.state),
  )
}

/** One page of what came before what is shown; false when there is nothing. */
export const loadOlder = (event_id: string): Promise<boolean> => once(`older ${event_id}`, () => readOlder(event_id))

/** One page of what came after the past that is shown, up to where it is one with now. */
export const loadNewer = (event_id: string): Promise<boolean> => once(`newer ${event_id}`, () => readNewer(event_id))

function once(key: string, read: () => Promise<boolean>): Promise<boolean> {
  const running = loading.get(key)
  if (running !== undefined) return running
  const load = read().finally(() => loading.delete(key))
  loading.set(key, load)
  return load
}

async function readOlder(event_id: string): Promise<boolean> {
  const room = getRoom(event_id)
  const stretch = findShownRange(room.state)
  if (!stretch?.has_older) return false
  const page = await client.messages(event_id, { before: stretch.first, limit: PAGE })
  // A reset or a jump came while we read: the page doesn't join on to what is shown now.
  if (findShownRange(room.state)?.first !== stretch.first) return true
  room.change((state) => addOlderPage(state, page))
  return page.messages.length > 0
}

async function readNewer(event_id: string): Promise<boolean> {
  const room = getRoom(event_id)
  const last = room.state.past?.last
  if (last === undefined) return false
  const page = await client.messages(event_id, { after: last, limit: PAGE })
  if (room.state.past?.last !== last) return true
  room.change((state) => addNewerPage(state, page))
  return true
}

/** Has the message shown among those around it, however old it is; false: there is none that this reader may see. */
export async function showMessage(event_id: string, message_id: string): Promise<boolean> {
  const room = getRoom(event_id)
  const { past, first_position } = room.state
  const position = findMessage(room.state, message_id)?.position
  if (position !== undefined) {
    if (past && position >= past.first && position <= past.last) return true
    if (first_position !== null && position >= first_position) {
      room.change(leavePast)
      return true
    }
  }
  try {
    const page = await client.messages(event_id, { around: message_id, limit: PAGE })
    room.change((state) => showPast(state, page))
    return true
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return false
    throw error
  }
}

/** To the newest, at once: what lies in between isn't loaded. */
export const showNewest = (event_id: string): void => getRoom(event_id).change(leavePast)

/** What the socket cut at 64 KiB, whole. */
export async function loadUntil(event_id: string, position: number): Promise<void> {
  const { messages } = await client.messages(event_id, { before: position + 1, limit: 1 })
  getRoom(event_id).change((state) => addMessages(state, messages))
}
