/** An item of a room waits no longer than this for further items. */
const BATCH_DELAY_MS = 50
/**
 * Rooms that began to collect within this many milliseconds flush together and others at other times, which avoids one
 * large burst.
 */
const STEP_MS = 10

interface Batch<T> {
  step: number
  rooms: string[]
  items: Set<T>
  timer: NodeJS.Timeout
}

export interface RoomBatcher<T> {
  /** Flushes together with the room's other items. */
  add(room: string, item: T): void
  /** Removes an item that was sent alone. */
  remove(room: string, item: T): void
  close(): void
}

/** `now` is a time of `performance.now()`. */
export function createRoomBatcher<T>(flush: (items: Set<T>) => void, now = () => performance.now()): RoomBatcher<T> {
  const byRoom = new Map<string, Batch<T>>()
  let next: Batch<T> | undefined

  const open = (step: number, wait_ms: number): Batch<T> => {
    const rooms: string[] = []
    const items = new Set<T>()
    const timer = setTimeout(() => {
      for (const room of rooms) byRoom.delete(room)
      flush(items)
    }, wait_ms)
    return { step, rooms, items, timer }
  }
  const openBatch = (room: string): Batch<T> => {
    const nowMs = now()
    const step = Math.floor(nowMs / STEP_MS)
    if (next?.step !== step) next = open(step, step * STEP_MS + BATCH_DELAY_MS - nowMs)
    next.rooms.push(room)
    byRoom.set(room, next)
    return next
  }

  return {
    add: (room, item) => void (byRoom.get(room) ?? openBatch(room)).items.add(item),
    remove: (room, item) => void byRoom.get(room)?.items.delete(item),
    close() {
      for (const { timer } of byRoom.values()) clearTimeout(timer)
    },
  }
}
