import type { RoomChange, StoredMessage } from '@engineer-chat/chat/shared'

/** A change with all its rows. */
export type WholeChange = RoomChange & { rows: StoredMessage[] }

/** At most this many hints wait; beyond, the oldest is forgotten, and its change is read from MySQL. */
const MAX_EARLY = 100

/** Puts hints of changes in order. Those that come before the hint that they follow wait for it. */
export class EarlyChanges {
  #waiting: RoomChange[] = []

  add(change: RoomChange): void {
    this.#waiting.push(change)
    if (this.#waiting.length > MAX_EARLY) this.#waiting.shift()
  }

  /** Returns the change that continues from this number, and forgets those up to it. */
  next(last: number): WholeChange | undefined {
    this.#waiting = this.#waiting.filter((change) => change.seq > last)
    return this.#waiting.find((change): change is WholeChange => change.first_seq <= last + 1 && !!change.rows)
  }

  get all(): readonly RoomChange[] {
    return this.#waiting
  }

  /** MySQL was read after these came, so what they say is known by now, or never happened. */
  forget(changes: readonly RoomChange[]): void {
    this.#waiting = this.#waiting.filter((change) => !changes.includes(change))
  }

  /** Whether the next change came without its rows: then only MySQL has them. */
  mustRead(last: number): boolean {
    return this.#waiting.some((change) => change.first_seq <= last + 1)
  }

  /** Whether a hint waits for one before it. */
  get hasGap(): boolean {
    return this.#waiting.length > 0
  }
}
