import type { InboxEvent, InboxStore } from './inbox-store.ts'
import { RecentRows, type RecentRowsLimits } from './recent-rows.ts'

export interface InboxLimits extends RecentRowsLimits {
  /** Sockets receive the counts of at most this many events, the newest that are not closed. */
  maxEvents: number
  /** One statement reads the rows of at most this many rooms. */
  maxRoomsPerRead: number
  /**
   * The cache holds at most this many rooms, and drops the one that was read longest ago. It can hold closed events,
   * too.
   */
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

/**
 * Keeps the newest rows of the rooms whose unread rows are counted. The `seq` of an event shows whether its room has
 * changed since.
 */
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

  /**
   * Returns true if rows of the room have to be read. It first drops rows that are too old, so that the whole room is
   * read.
   */
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
