import type { RoomChange, StoredMessage } from '@engineer-chat/chat/shared'

/** Describes a change that came with all its rows. */
export type ChangeWithRows = RoomChange & { rows: StoredMessage[] }

/** At most this many hints wait. When one more comes, the oldest is dropped, and its change is read from MySQL. */
const MAX_WAITING_HINTS = 100

/** Puts hints of changes in order. A hint that comes too early waits for the one before it. */
export class EarlyChanges {
  #waiting: RoomChange[] = []

  add(change: RoomChange): void {
    this.#waiting.push(change)
    if (this.#waiting.length > MAX_WAITING_HINTS) this.#waiting.shift()
  }

  /** Returns the change that continues from this number, and removes those up to it. */
  findNext(lastSeq: number): ChangeWithRows | undefined {
    this.#waiting = this.#waiting.filter((change) => change.seq > lastSeq)
    return this.#waiting.find((change): change is ChangeWithRows => change.first_seq <= lastSeq + 1 && !!change.rows)
  }

  /** The list does not change when another hint comes. */
  listAll(): readonly RoomChange[] {
    return [...this.#waiting]
  }

  /**
   * Removes these hints, because MySQL was read after they came: their changes are either known by now or never
   * happened.
   */
  removeAll(changes: readonly RoomChange[]): void {
    this.#waiting = this.#waiting.filter((change) => !changes.includes(change))
  }

  /** Returns true if the next change came without its rows, so that only MySQL has them. */
  lacksRows(lastSeq: number): boolean {
    return this.#waiting.some((change) => change.first_seq <= lastSeq + 1)
  }

  /** Returns true if a hint waits for one before it. */
  get hasGap(): boolean {
    return this.#waiting.length > 0
  }
}
