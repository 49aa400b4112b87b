/** An item of a room waits no longer than this for further items. */
const GATHER_MS = 50
/**
 * Rooms that began to collect within this many milliseconds flush together and others at other times, which avoids one
 * large burst.
 */
const STEP_MS = 10

interface Batch<T> {
  step: number
  rooms: string[]
  passengers: Set<T>
  timer: NodeJS.Timeout
}

export interface RoomBatcher<T> {
  /** Flushes together with the room's other items. */
  add(room: string, passenger: T): void
  /** Was sent alone. */
  remove(room: string, passenger: T): void
  close(): void
}

/** `now` is a time of `performance.now()`. */
export function createRoomBatcher<T>(
  leave: (passengers: Set<T>) => void,
  now = () => performance.now(),
): RoomBatcher<T> {
  const byRoom = new Map<string, Batch<T>>()
  let next: Batch<T> | undefined

  const open = (step: number, wait_ms: number): Batch<T> => {
    const rooms: string[] = []
    const passengers = new Set<T>()
    const timer = setTimeout(() => {
      for (const room of rooms) byRoom.delete(room)
      leave(passengers)
    }, wait_ms)
    return { step, rooms, passengers, timer }
  }
  const departureOf = (room: string): Batch<T> => {
    const at = now()
    const step = Math.floor(at / STEP_MS)
    if (next?.step !== step) next = open(step, step * STEP_MS + GATHER_MS - at)
    next.rooms.push(room)
    byRoom.set(room, next)
    return next
  }

  return {
    add: (room, passenger) => void (byRoom.get(room) ?? departureOf(room)).passengers.add(passenger),
    remove: (room, passenger) => void byRoom.get(room)?.passengers.delete(passenger),
    close() {
      for (const { timer } of byRoom.values()) clearTimeout(timer)
    },
  }
}
