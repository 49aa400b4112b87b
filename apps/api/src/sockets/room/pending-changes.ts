import type { RoomChange, StoredMessage } from '@engineer-chat/chat/shared'

/** Describes a change that came with all its rows. */
export type ChangeWithRows = RoomChange & { rows: StoredMessage[] }

/** At most this many hints wait. If one more comes, the one that came first is dropped: MySQL has its change. */
const MAX_WAITING_HINTS = 100

/**
 * Keeps the hints of changes that are not applied yet, and finds the next one to apply. A hint that overtook others
 * waits here for the hints with lower sequence numbers.
 */
export class PendingChanges {
  #waiting: RoomChange[] = []

  add(change: RoomChange): void {
    this.#waiting.push(change)
    if (this.#waiting.length > MAX_WAITING_HINTS) this.#waiting.shift()
  }

  /**
   * Returns the change that continues from this sequence number, if it came with its rows. Removes the changes up to
   * that number.
   */
  findNext(lastSeq: number): ChangeWithRows | undefined {
    this.#waiting = this.#waiting.filter((change) => change.seq > lastSeq)
    return this.#waiting.find((change): change is ChangeWithRows => change.first_seq <= lastSeq + 1 && !!change.rows)
  }

  /** Returns a copy, which does not change when another hint arrives. */
  listAll(): readonly RoomChange[] {
    return [...this.#waiting]
  }

  /**
   * Removes these hints, because MySQL was read after their arrival. Their changes are known now, or were never stored.
   */
  removeAll(changes: readonly RoomChange[]): void {
    this.#waiting = this.#waiting.filter((change) => !changes.includes(change))
  }

  /**
   * Returns true if the next change came without its rows, so that only MySQL has them. It is called after `findNext`
   * has found nothing more.
   */
  lacksRows(lastSeq: number): boolean {
    return this.#waiting.some((change) => change.first_seq <= lastSeq + 1)
  }

  /** Returns true if a hint waits. After `findNext` has found nothing more, it waits for a lower sequence number. */
  get hasWaitingHints(): boolean {
    return this.#waiting.length > 0
  }
}
