import type { InboxEvent, InboxStore } from './inbox-store.ts'
import { RoomWindow, type WindowLimits } from './room-window.ts'

export interface InboxLimits extends WindowLimits {
  /** Changes of more events, the oldest ones, are not sent to sockets. */
  maxEvents: number
  /** One statement reads the rows of at most this many rooms. */
  maxRoomsPerRead: number
  /** The rooms that were read longest ago make room for others, because closed events are listed, too. */
  maxRooms: number
  /** A room is read anew after this time, in milliseconds, because removed rows leave no trace among the changes. */
  maxWindowAgeMs: number
}

export const INBOX_LIMITS: InboxLimits = {
  maxUnread: 100,
  windowRows: 1_000,
  maxEvents: 500,
  maxRoomsPerRead: 50,
  maxRooms: 2_000,
  maxWindowAgeMs: 600_000,
}

/** Keeps the newest rows of the rooms that somebody counts in. MySQL says whether a room has changed since. */
export class RoomWindows {
  readonly limits: InboxLimits
  readonly #store: Pick<InboxStore, 'readRows'>
  readonly #now: () => number
  readonly #known = new Map<string, { window: RoomWindow; readAtMs: number }>()
  #reading: Promise<void> = Promise.resolve()

  constructor(store: Pick<InboxStore, 'readRows'>, limits: InboxLimits = INBOX_LIMITS, now: () => number = Date.now) {
    this.#store = store
    this.limits = limits
    this.#now = now
  }

  find(event_id: string): RoomWindow | undefined {
    return this.#known.get(event_id)?.window
  }

  /** Brings the windows of these events up to their numbers. One read runs at a time; the next one finds less to do. */
  refresh(events: ReadonlyArray<Pick<InboxEvent, 'event_id' | 'seq'>>): Promise<void> {
    const refreshed = this.#reading.then(() => this.#refresh(events))
    this.#reading = refreshed.catch(() => undefined)
    return refreshed
  }

  async #refresh(events: ReadonlyArray<Pick<InboxEvent, 'event_id' | 'seq'>>): Promise<void> {
    const behind = events.filter(({ event_id, seq }) => this.#isBehind(event_id, seq))
    const { maxRoomsPerRead, windowRows } = this.limits
    for (let first = 0; first < behind.length; first += maxRoomsPerRead) {
      const part = behind.slice(first, first + maxRoomsPerRead)
      const rooms = part.map(({ event_id }) => ({ event_id, after_seq: this.find(event_id)?.seq ?? 0 }))
      const rows = await this.#store.readRows(rooms, windowRows)
      const byRoom = Map.groupBy(rows, ({ event_id }) => event_id)
      for (const { event_id, seq } of part) this.#put(event_id, seq, byRoom.get(event_id) ?? [])
    }
  }

  #isBehind(event_id: string, seq: number): boolean {
    const known = this.#known.get(event_id)
    if (known && this.#now() - known.readAtMs > this.limits.maxWindowAgeMs) this.#known.delete(event_id)
    return seq > (this.find(event_id)?.seq ?? -1)
  }

  /** A window that as many rows would join as it holds begins anew, because rows before them may be missing. */
  #put(event_id: string, seq: number, rows: Awaited<ReturnType<InboxStore['readRows']>>): void {
    const former = this.#known.get(event_id)
    const isFresh = former === undefined || rows.length >= this.limits.windowRows
    const known = isFresh ? { window: new RoomWindow(this.limits), readAtMs: this.#now() } : former
    known.window.put(rows)
    known.window.seq = rows.reduce((highest, row) => Math.max(highest, row.seq), seq)
    this.#known.delete(event_id)
    this.#known.set(event_id, known)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.limits.maxRooms) break
      this.#known.delete(oldest)
    }
  }
}
