import type { RoomChange, StoredMessage } from '@engineer-chat/chat/shared'

/** A stretch of a room's sequence that follows directly on what is known, with all its rows. */
export type WholeChange = RoomChange & { rows: StoredMessage[] }

/** Hints that may still be waited for; more than this and MySQL is asked anyway. */
const MAX_EARLY = 100

/**
 * Hints of changes, in whatever order they come. `next` gives the one that goes on from the number given; those that are
 * behind it are forgotten, those that are ahead wait for the gap to be closed.
 */
export class EarlyChanges {
  #waiting: RoomChange[] = []

  add(change: RoomChange): void {
    this.#waiting.push(change)
    if (this.#waiting.length > MAX_EARLY) this.#waiting.shift()
  }

  next(last: number): WholeChange | undefined {
    this.#waiting = this.#waiting.filter((change) => change.seq > last)
    return this.#waiting.find((change): change is WholeChange => change.first_seq <= last + 1 && !!change.rows)
  }

  get all(): readonly RoomChange[] {
    return this.#waiting
  }

  /** MySQL was read after these came: whatever they spoke of is known, or isn't so. */
  forget(changes: readonly RoomChange[]): void {
    this.#waiting = this.#waiting.filter((change) => !changes.includes(change))
  }

  /** The next one told no rows: waiting won't help. */
  mustRead(last: number): boolean {
    return this.#waiting.some((change) => change.first_seq <= last + 1)
  }

  /** Something is known to have happened that hints alone don't tell. */
  get missing(): boolean {
    return this.#waiting.length > 0
  }
}
