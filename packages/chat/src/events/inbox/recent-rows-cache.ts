import type { InboxEvent, InboxRow, InboxStore } from './inbox-store.ts'
import { RecentRows, type RecentRowsLimits } from './recent-rows.ts'

export interface InboxLimits extends RecentRowsLimits {
  /** Sockets receive the counts of at most this many events: the newest events that are not closed. */
  maxEvents: number
  /** One statement reads the rows of at most this many rooms. */
  maxRoomsPerRead: number
  /**
   * The cache holds at most this many rooms, those of closed events included. If there are more, it drops the rooms that
   * were refreshed longest ago.
   */
  maxCachedRooms: number
  /**
   * The newest rows of a room that was loaded longer ago than this are all read again at its next refresh. Otherwise
   * rows that were removed from the database would stay, because a read of changed rows does not find them.
   */
  reloadIntervalMs: number
}

export const INBOX_LIMITS: InboxLimits = {
  maxUnread: 100,
  maxRowsPerRoom: 1_000,
  maxEvents: 500,
  maxRoomsPerRead: 50,
  maxCachedRooms: 2_000,
  reloadIntervalMs: 600_000,
}

interface CachedRoom {
  rows: RecentRows
  loadedAtMs: number
}

/**
 * Keeps the newest rows of the rooms whose unread rows are counted. The `seq` of an event shows whether its room has
 * changed since the last read.
 */
export class RecentRowsCache {
  readonly limits: InboxLimits
  readonly #store: Pick<InboxStore, 'readRows'>
  readonly #now: () => number
  /**
   * Maps the id of each room to its rows. The room that was refreshed longest ago comes first. `loadedAtMs` is the time
   * of the last read of all its newest rows.
   */
  readonly #rooms = new Map<string, CachedRoom>()
  /** Resolves when the refresh that was requested last has ended, even if that refresh failed. */
  #lastRefresh: Promise<void> = Promise.resolve()

  constructor(store: Pick<InboxStore, 'readRows'>, limits: InboxLimits = INBOX_LIMITS, now: () => number = Date.now) {
    this.#store = store
    this.limits = limits
    this.#now = now
  }

  find(event_id: string): RecentRows | undefined {
    return this.#rooms.get(event_id)?.rows
  }

  /**
   * Reads the missing rows of these events, so that the cache has each room at least up to the event's `seq`. Only one
   * call runs at a time; later calls wait.
   */
  refresh(events: ReadonlyArray<Pick<InboxEvent, 'event_id' | 'seq'>>): Promise<void> {
    const refreshed = this.#lastRefresh.then(() => this.#refresh(events))
    this.#lastRefresh = refreshed.catch(() => undefined)
    return refreshed
  }

  async #refresh(events: ReadonlyArray<Pick<InboxEvent, 'event_id' | 'seq'>>): Promise<void> {
    const outdatedEvents: Array<Pick<InboxEvent, 'event_id' | 'seq'> & { after_seq: number }> = []
    for (const { event_id, seq } of events) {
      const room = this.#rooms.get(event_id)
      // A room of this call must stay, even if the cache drops others for the rooms that are missing.
      if (room) this.#moveToEnd(event_id, room)
      const needsFullRead = room === undefined || this.#now() - room.loadedAtMs > this.limits.reloadIntervalMs
      if (needsFullRead || room.rows.seq < seq)
        outdatedEvents.push({ event_id, seq, after_seq: needsFullRead ? 0 : room.rows.seq })
    }
    const { maxRoomsPerRead, maxRowsPerRoom } = this.limits
    for (let start = 0; start < outdatedEvents.length; start += maxRoomsPerRead) {
      const batch = outdatedEvents
        .slice(start, start + maxRoomsPerRead)
        // An earlier batch may have dropped the room. Then all of its newest rows are read.
        .map((event) => (this.#rooms.has(event.event_id) ? event : { ...event, after_seq: 0 }))
      const rooms = batch.map(({ event_id, after_seq }) => ({ event_id, after_seq }))
      const rows = await this.#store.readRows(rooms, maxRowsPerRoom)
      const rowsByRoom = Map.groupBy(rows, ({ event_id }) => event_id)
      for (const event of batch) this.#put(event, rowsByRoom.get(event.event_id) ?? [])
    }
  }

  /**
   * Puts the rows of a room that changed after `after_seq` into the cache. They replace the cached rows if all of the
   * room's newest rows were read. They also do if the store returned `maxRowsPerRoom` rows, because changes between the
   * cached rows and the returned rows may then be missing.
   */
  #put(
    { event_id, seq, after_seq }: { event_id: string; seq: number; after_seq: number },
    changedRows: readonly InboxRow[],
  ): void {
    const cached = this.#rooms.get(event_id)
    const isReplaced = cached === undefined || after_seq === 0 || changedRows.length >= this.limits.maxRowsPerRoom
    const room = isReplaced ? { rows: new RecentRows(this.limits), loadedAtMs: this.#now() } : cached
    // The read may have returned rows that changed after `seq` was read.
    const newestSeq = changedRows.reduce((highest, row) => Math.max(highest, row.seq), seq)
    room.rows.put(changedRows, newestSeq)
    this.#moveToEnd(event_id, room)
    for (const oldest of this.#rooms.keys()) {
      if (this.#rooms.size <= this.limits.maxCachedRooms) break
      this.#rooms.delete(oldest)
    }
  }

  #moveToEnd(event_id: string, room: CachedRoom): void {
    this.#rooms.delete(event_id)
    this.#rooms.set(event_id, room)
  }
}
