/** An item waits at most this long for further items of its room. */
const BATCH_DELAY_MS = 50
/**
 * Time is divided into steps of this many milliseconds. Rooms whose batches began in the same step flush together.
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
  /** Removes an item that the caller sends on its own. */
  remove(room: string, item: T): void
  close(): void
}

/** `now` returns a time in milliseconds, as `performance.now()` does. */
export function createRoomBatcher<T>(flush: (items: Set<T>) => void, now = () => performance.now()): RoomBatcher<T> {
  const batchesByRoom = new Map<string, Batch<T>>()
  let newestBatch: Batch<T> | undefined

  const createBatch = (step: number, waitMs: number): Batch<T> => {
    const rooms: string[] = []
    const items = new Set<T>()
    const timer = setTimeout(() => {
      for (const room of rooms) batchesByRoom.delete(room)
      flush(items)
    }, waitMs)
    return { step, rooms, items, timer }
  }
  const openBatch = (room: string): Batch<T> => {
    const nowMs = now()
    const step = Math.floor(nowMs / STEP_MS)
    if (newestBatch?.step !== step) newestBatch = createBatch(step, step * STEP_MS + BATCH_DELAY_MS - nowMs)
    newestBatch.rooms.push(room)
    batchesByRoom.set(room, newestBatch)
    return newestBatch
  }

  return {
    add: (room, item) => void (batchesByRoom.get(room) ?? openBatch(room)).items.add(item),
    remove: (room, item) => void batchesByRoom.get(room)?.items.delete(item),
    close() {
      for (const { timer } of batchesByRoom.values()) clearTimeout(timer)
    },
  }
}
