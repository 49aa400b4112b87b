import {
  ApiProblem,
  addMessages,
  addNewerPage,
  addOlderPage,
  findMessage,
  findShownRange,
  leaveOlderRange,
  type Room,
  type RoomState,
  showOlderRange,
} from '@engineer-chat/client'
import type { ExportQuery, MessagePage } from '@engineer-chat/protocol'
import { useSyncExternalStore } from 'react'
import { saveFile } from '../page/save-file.ts'
import { client, getSocket } from '../people/sign-in.ts'

const rooms = new Map<string, Room>()
/** Holds the loads that are still running, so that a second request for the same page waits for the first one. */
const runningLoads = new Map<string, Promise<boolean>>()
const PAGE_SIZE = 100

/**
 * Returns the room of an event, and opens it on the page's socket at the first call. The room stays open while the page
 * is open, so that it appears without a delay when the user returns to it.
 */
export function getRoom(event_id: string): Room {
  let room = rooms.get(event_id)
  if (!room) {
    room = getSocket().openRoom(event_id)
    rooms.set(event_id, room)
  }
  return room
}

/** Calls `onReset` whenever a reset has dropped the room's messages. Returns the unsubscribe function. */
export function subscribeToResets(event_id: string, onReset: () => void): () => void {
  return getSocket().on('frame', (frame) => {
    if (frame.type === 'subscribed' && frame.event_id === event_id && frame.reset) onReset()
  })
}

/** Selects a part of a room's state; the component is rendered again only when that part changes. */
export function useRoom<T>(event_id: string, select: (state: RoomState) => T): T {
  const room = getRoom(event_id)
  return useSyncExternalStore(
    (onChange) => room.on('change', onChange),
    () => select(room.state),
  )
}

/** Loads the page of messages before the shown range. Resolves to false if there is no such page. */
export const loadOlder = (event_id: string): Promise<boolean> =>
  joinRunningLoad(`older ${event_id}`, () => readOlder(event_id))

/** Loads the page of messages after the shown range. Resolves to false if the range ends with the newest message. */
export const loadNewer = (event_id: string): Promise<boolean> =>
  joinRunningLoad(`newer ${event_id}`, () => readNewer(event_id))

function joinRunningLoad(key: string, read: () => Promise<boolean>): Promise<boolean> {
  const running = runningLoads.get(key)
  if (running !== undefined) return running
  const load = read().finally(() => runningLoads.delete(key))
  runningLoads.set(key, load)
  return load
}

async function readOlder(event_id: string): Promise<boolean> {
  const room = getRoom(event_id)
  const range = findShownRange(room.state)
  if (!range?.hasOlder) return false
  const page = await client.listMessages(event_id, { before: range.first, limit: PAGE_SIZE })
  // If a reset or a jump happened during the request, the page does not adjoin the rows that are shown now.
  if (findShownRange(room.state)?.first !== range.first) return true
  room.updateState((state) => addOlderPage(state, page))
  return page.messages.length > 0
}

async function readNewer(event_id: string): Promise<boolean> {
  const room = getRoom(event_id)
  const lastPosition = room.state.olderRange?.last
  if (lastPosition === undefined) return false
  const page = await client.listMessages(event_id, { after: lastPosition, limit: PAGE_SIZE })
  // As in `readOlder`, the page may no longer adjoin the rows that are shown now.
  if (room.state.olderRange?.last !== lastPosition) return true
  room.updateState((state) => addNewerPage(state, page))
  return true
}

/** Identifies the reader's last choice of a place in each room. A page that was requested before it is not shown. */
const lastChoices = new Map<string, symbol>()

/** Says whether a message is shown, may not be seen by this reader, or is not shown because of a later choice. */
type ShowResult = 'shown' | 'not_there' | 'superseded'

/** Shows a message among its neighbours, however old it is. */
export function showMessage(event_id: string, message_id: string): Promise<ShowResult> {
  lastChoices.set(event_id, Symbol())
  return showAround(event_id, message_id)
}

/** Shows a message as `showMessage` does, but not as a choice of the reader: a choice that is still loading goes on. */
export async function showAround(event_id: string, message_id: string): Promise<ShowResult> {
  const choice = lastChoices.get(event_id)
  const room = getRoom(event_id)
  const { olderRange, newestRangeStart } = room.state
  const position = findMessage(room.state, message_id)?.position
  if (position !== undefined) {
    if (olderRange && position >= olderRange.first && position <= olderRange.last) return 'shown'
    if (newestRangeStart !== null && position >= newestRangeStart) {
      room.updateState(leaveOlderRange)
      return 'shown'
    }
  }
  try {
    const page = await client.listMessages(event_id, { around: message_id, limit: PAGE_SIZE })
    if (lastChoices.get(event_id) !== choice) return 'superseded'
    room.updateState((state) => showOlderRange(state, page))
    return 'shown'
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return 'not_there'
    throw error
  }
}

/** Loads the messages after a position, the oldest first, without showing them. */
export const readPageAfter = (event_id: string, position: number): Promise<MessagePage> =>
  client.listMessages(event_id, { after: position, limit: PAGE_SIZE })

/** Shows the newest messages, which are already loaded. Does not load the rows between them and the shown range. */
export function showNewest(event_id: string): void {
  lastChoices.set(event_id, Symbol())
  getRoom(event_id).updateState(leaveOlderRange)
}

/** Loads a message again that the socket truncated at 64 KiB, with its whole text. */
export async function reloadTruncated(event_id: string, position: number): Promise<void> {
  const { messages } = await client.listMessages(event_id, { before: position + 1, limit: 1 })
  getRoom(event_id).updateState((state) => addMessages(state, messages))
}

/** Downloads an export of the room as a file. */
export const downloadRoom = async (event_id: string, query: ExportQuery): Promise<void> =>
  saveFile(await client.exportRoom(event_id, query), `${event_id}.${query.format === 'json' ? 'json' : 'md'}`)
