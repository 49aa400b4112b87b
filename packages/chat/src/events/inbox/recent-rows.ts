import { EVENT_CHANGE } from '@engineer-chat/protocol'
import type { InboxRow, ReadMark } from './inbox-store.ts'

export interface RecentRowsLimits {
  /**
   * The count of unread rows and the count of mentions each stop at this number. With 100, the web page can show more
   * than 99 rows as `99+`.
   */
  maxUnread: number
  /**
   * At most this many shared rows of a room are kept and counted: those with the highest positions. One read of a room
   * also returns at most this many rows, but of all audiences together.
   */
  maxRowsPerRoom: number
}

/** Keeps the newest rows of one room, without their texts, and counts the rows that a reader has not read. */
export class RecentRows {
  #seq = 0
  readonly #limits: RecentRowsLimits
  /** Holds the rows that all people may read, sorted by position. */
  #shared: InboxRow[] = []
  /** Maps the id of each asker to their private answers, which are mapped by their positions. */
  readonly #privateAnswers = new Map<string, Map<number, InboxRow>>()

  constructor(limits: RecentRowsLimits) {
    this.#limits = limits
  }

  /** The rows include all changes up to this sequence number of the room. */
  get seq(): number {
    return this.#seq
  }

  /**
   * Adds new rows and replaces changed rows. They may come in any order. After that, the kept rows include all changes
   * up to `seq`. Of the private rows, only the replies without an error are kept: a private question is never unread
   * for its asker, and a private error is not counted.
   */
  put(rows: readonly InboxRow[], seq: number): void {
    this.#seq = seq
    for (const row of rows) {
      if (isShared(row)) this.#putShared(row)
      else if (row.sender_type === 'ai') this.#putPrivateAnswer(row)
      // A private reply that was kept may have ended as an error. Then the sender of its row is the system, not the AI.
      else this.#privateAnswers.get(row.audience)?.delete(row.position)
    }
    const surplus = this.#shared.length - this.#limits.maxRowsPerRoom
    if (surplus > 0) this.#shared = this.#shared.slice(surplus)
  }

  /**
   * Counts a reader's unread rows and mentions. A shared row of another user is unread if its position is after the
   * mark. A later change of a read row does not make it unread. A private answer to the reader is unread if it has
   * ended, and has changed since the reader last read the room.
   */
  count(user_id: string, mark: ReadMark): { unread: number; mentions: number } {
    const { maxUnread } = this.#limits
    let unread = this.#countPrivateAnswers(user_id, mark)
    let mentions = 0
    for (let index = findIndexAfter(this.#shared, mark.position); index < this.#shared.length; index += 1) {
      const row = this.#shared[index]
      // A reply has the `user_id` of its asker, so a shared reply is never unread for its asker.
      if (!row || row.user_id === user_id) continue
      if (countsAsUnread(row)) unread += 1
      if (row.mentions.includes(user_id)) mentions += 1
    }
    return { unread: Math.min(unread, maxUnread), mentions: Math.min(mentions, maxUnread) }
  }

  /** Returns the time at which the newest row that agents may see was created. */
  findLastActivityForAgents(): string | undefined {
    return this.#shared.findLast((row) => row.audience === 'all')?.created_at
  }

  /**
   * Returns the time at which the newest shared row was created, or a private answer to this person last changed,
   * whichever is later.
   */
  findLastActivityForPerson(user_id: string): string | undefined {
    let latest = this.#shared.at(-1)?.created_at
    for (const answer of this.#privateAnswers.get(user_id)?.values() ?? []) {
      if (hasEnded(answer) && (latest === undefined || answer.updated_at > latest)) latest = answer.updated_at
    }
    return latest
  }

  #putShared(row: InboxRow): void {
    // The row may have been a private answer until its session was shared.
    if (row.user_id !== null) this.#privateAnswers.get(row.user_id)?.delete(row.position)
    const index = findIndexAfter(this.#shared, row.position - 1)
    const isKnown = this.#shared[index]?.position === row.position
    if (index === this.#shared.length) this.#shared.push(row)
    else this.#shared.splice(index, isKnown ? 1 : 0, row)
  }

  #putPrivateAnswer(row: InboxRow): void {
    const answers = this.#privateAnswers.get(row.audience) ?? new Map<number, InboxRow>()
    this.#privateAnswers.set(row.audience, answers.set(row.position, row))
  }

  /** An answer is read if the mark's `seen_seq` covers it. If `seen_seq` is 0, the mark's position decides instead. */
  #countPrivateAnswers(user_id: string, mark: ReadMark): number {
    let count = 0
    for (const row of this.#privateAnswers.get(user_id)?.values() ?? []) {
      const isRead = mark.seen_seq > 0 ? row.seq <= mark.seen_seq : row.position <= mark.position
      if (hasEnded(row) && !isRead) count += 1
    }
    return count
  }
}

const isShared = ({ audience }: InboxRow) => audience === 'all' || audience === 'people'
const hasEnded = ({ message_type }: InboxRow) => message_type !== 'thinking'
/** A row that shows a change of the event is in the timeline, but counts as unread for nobody. */
const countsAsUnread = ({ message_type }: InboxRow) => message_type !== EVENT_CHANGE

/** Returns the index of the first row after the position, or the length if there is none. The rows must be sorted. */
function findIndexAfter(rows: readonly InboxRow[], position: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((rows[middle]?.position ?? 0) <= position) low = middle + 1
    else high = middle
  }
  return low
}
