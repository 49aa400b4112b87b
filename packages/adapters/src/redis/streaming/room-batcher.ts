/** An item of a room waits no longer than this for further items. */
const BATCH_DELAY_MS = 50
/**
 * Time is divided into steps of this many milliseconds. Rooms whose first items came in the same step flush together.
 * Rooms of different steps flush at different times, which avoids one large burst.
 */
const STEP_MS = 10

interface Batch<T> {
  step: number
  rooms: string[]
  items: Set<T>
  timer: NodeJS.Timeout
}

export interface RoomBatcher<T> {
  /** Adds an item, which is flushed together with the room's other items. */
  add(room: string, item: T): void
  /** Removes an item that was sent alone. */
  remove(room: string, item: T): void
  close(): void
}

/** `now` is a time of `performance.now()`. */
export function createRoomBatcher<T>(flush: (items: Set<T>) => void, now = () => performance.now()): RoomBatcher<T> {
  const byRoom = new Map<string, Batch<T>>()
  let newest: Batch<T> | undefined

  const createBatch = (step: number, waitMs: number): Batch<T> => {
    const rooms: string[] = []
    const items = new Set<T>()
    const timer = setTimeout(() => {
      for (const room of rooms) byRoom.delete(room)
      flush(items)
    }, waitMs)
    return { step, rooms, items, timer }
  }
  const openBatch = (room: string): Batch<T> => {
    const nowMs = now()
    const step = Math.floor(nowMs / STEP_MS)
    if (newest?.step !== step) newest = createBatch(step, step * STEP_MS + BATCH_DELAY_MS - nowMs)
    newest.rooms.push(room)
    byRoom.set(room, newest)
    return newest
  }

  return {
    add: (room, item) => void (byRoom.get(room) ?? openBatch(room)).items.add(item),
    remove: (room, item) => void byRoom.get(room)?.items.delete(item),
    close() {
      for (const { timer } of byRoom.values()) clearTimeout(timer)
    },
  }
}
