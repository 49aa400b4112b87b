import type { InboxEvent, InboxStore } from './inbox-store.ts'
import { RecentRows, type RecentRowsLimits } from './recent-rows.ts'

export interface InboxLimits extends RecentRowsLimits {
  /** Changes of further events, the oldest, are not sent to sockets. */
  maxEvents: number
  /** One statement reads the rows of at most this many rooms. */
  maxRoomsPerRead: number
  /** The rooms that were read longest ago make room for others, because closed events are listed, too. */
  maxRooms: number
  /** A room is read again after this time, in milliseconds, because removed rows leave no trace among the changes. */
  maxRowsAgeMs: number
}

export const INBOX_LIMITS: InboxLimits = {
  maxUnread: 100,
  maxRows: 1_000,
  maxEvents: 500,
  maxRoomsPerRead: 50,
  maxRooms: 2_000,
  maxRowsAgeMs: 600_000,
}

/** Keeps the newest rows of the rooms that somebody counts in. MySQL says whether a room has changed since. */
export class RecentRowsCache {
  readonly limits: InboxLimits
  readonly #store: Pick<InboxStore, 'readRows'>
  readonly #now: () => number
  readonly #known = new Map<string, { rows: RecentRows; readAtMs: number }>()
  #reading: Promise<void> = Promise.resolve()

  constructor(store: Pick<InboxStore, 'readRows'>, limits: InboxLimits = INBOX_LIMITS, now: () => number = Date.now) {
    this.#store = store
    this.limits = limits
    this.#now = now
  }

  find(event_id: string): RecentRows | undefined {
    return this.#known.get(event_id)?.rows
  }

  /** Brings the rows of these events up to their `seq`. One read runs at a time; the next one finds less to do. */
  refresh(events: ReadonlyArray<Pick<InboxEvent, 'event_id' | 'seq'>>): Promise<void> {
    const refreshed = this.#reading.then(() => this.#refresh(events))
    this.#reading = refreshed.catch(() => undefined)
    return refreshed
  }

  async #refresh(events: ReadonlyArray<Pick<InboxEvent, 'event_id' | 'seq'>>): Promise<void> {
    const behind = events.filter(({ event_id, seq }) => this.#isBehind(event_id, seq))
    const { maxRoomsPerRead, maxRows } = this.limits
    for (let first = 0; first < behind.length; first += maxRoomsPerRead) {
      const part = behind.slice(first, first + maxRoomsPerRead)
      const rooms = part.map(({ event_id }) => ({ event_id, after_seq: this.find(event_id)?.seq ?? 0 }))
      const rows = await this.#store.readRows(rooms, maxRows)
      const byRoom = Map.groupBy(rows, ({ event_id }) => event_id)
      for (const { event_id, seq } of part) this.#put(event_id, seq, byRoom.get(event_id) ?? [])
    }
  }

  #isBehind(event_id: string, seq: number): boolean {
    const known = this.#known.get(event_id)
    if (known && this.#now() - known.readAtMs > this.limits.maxRowsAgeMs) this.#known.delete(event_id)
    return seq > (this.find(event_id)?.seq ?? -1)
  }

  /** Drops the kept rows if `maxRows` new ones came, because rows between them and the new ones may be missing. */
  #put(event_id: string, seq: number, newRows: Awaited<ReturnType<InboxStore['readRows']>>): void {
    const former = this.#known.get(event_id)
    const isFresh = former === undefined || newRows.length >= this.limits.maxRows
    const known = isFresh ? { rows: new RecentRows(this.limits), readAtMs: this.#now() } : former
    known.rows.put(newRows)
    known.rows.seq = newRows.reduce((highest, row) => Math.max(highest, row.seq), seq)
    this.#known.delete(event_id)
    this.#known.set(event_id, known)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= this.limits.maxRooms) break
      this.#known.delete(oldest)
    }
  }
}
