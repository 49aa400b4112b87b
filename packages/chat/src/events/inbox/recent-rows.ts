import { EVENT_CHANGE } from '@engineer-chat/protocol'
import type { InboxRow, ReadMark } from './inbox-store.ts'

export interface RecentRowsLimits {
  /** Counts stop at this number. With 100, the web page can show more than 99 rows as `99+`. */
  maxUnread: number
  /**
   * At most this many shared rows of a room are kept and counted, the newest ones. One read of a room returns at most
   * this many rows, of all audiences together.
   */
  maxRows: number
}

/** Keeps the newest rows of one room, without their texts, and counts the rows that a reader has not read. */
export class RecentRows {
  #seq = 0
  readonly #limits: RecentRowsLimits
  /** Holds the rows that all people may read, sorted by position. */
  #shared: InboxRow[] = []
  /** Maps each reader to their private answers by position. */
  readonly #answers = new Map<string, Map<number, InboxRow>>()

  constructor(limits: RecentRowsLimits) {
    this.#limits = limits
  }

  /** The rows include all changes up to this sequence number of the room. */
  get seq(): number {
    return this.#seq
  }

  /**
   * Adds new rows and replaces changed rows, which may come in any order. With them, the rows include all changes up to
   * `seq`. Of the private rows it keeps only the answers: a private question is never unread for its asker, and a
   * private failure is not counted.
   */
  put(rows: readonly InboxRow[], seq: number): void {
    this.#seq = seq
    for (const row of rows) {
      if (isShared(row)) this.#putShared(row)
      else if (row.sender_type === 'ai') this.#putAnswer(row)
      // An answer that was asked again may have ended as an error. Then the sender of its row is the system.
      else this.#answers.get(row.audience)?.delete(row.position)
    }
    const surplus = this.#shared.length - this.#limits.maxRows
    if (surplus > 0) this.#shared = this.#shared.slice(surplus)
  }

  /**
   * Counts the unread rows of a reader: shared rows of other users after the mark, and private answers to the reader
   * that ended after it. A shared row before the mark stays read even if it changes.
   */
  count(user_id: string, mark: ReadMark): { unread: number; mentions: number } {
    const { maxUnread } = this.#limits
    let unread = this.#countAnswers(user_id, mark)
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

  /** Returns the time of the newest row that agents may see. */
  findLastActivityForAgents(): string | undefined {
    return this.#shared.findLast((row) => row.audience === 'all')?.created_at
  }

  /** Returns the time of the newest row or private answer that a person may see. */
  findLastActivity(user_id: string): string | undefined {
    let latest = this.#shared.at(-1)?.created_at
    for (const answer of this.#answers.get(user_id)?.values() ?? []) {
      if (hasEnded(answer) && (latest === undefined || answer.updated_at > latest)) latest = answer.updated_at
    }
    return latest
  }

  #putShared(row: InboxRow): void {
    // A shared row may have been a private answer before its session was shared.
    if (row.user_id !== null) this.#answers.get(row.user_id)?.delete(row.position)
    const index = findIndexAfter(this.#shared, row.position - 1)
    const isKnown = this.#shared[index]?.position === row.position
    if (index === this.#shared.length) this.#shared.push(row)
    else this.#shared.splice(index, isKnown ? 1 : 0, row)
  }

  #putAnswer(row: InboxRow): void {
    const answers = this.#answers.get(row.audience) ?? new Map<number, InboxRow>()
    this.#answers.set(row.audience, answers.set(row.position, row))
  }

  /** If the mark's `seen_seq` is 0 (see `ReadMark`), its position decides whether an answer is read. */
  #countAnswers(user_id: string, mark: ReadMark): number {
    let count = 0
    for (const row of this.#answers.get(user_id)?.values() ?? []) {
      const isRead = mark.seen_seq > 0 ? row.seq <= mark.seen_seq : row.position <= mark.position
      if (hasEnded(row) && !isRead) count += 1
    }
    return count
  }
}

const isShared = ({ audience }: InboxRow) => audience === 'all' || audience === 'people'
const hasEnded = ({ message_type }: InboxRow) => message_type !== 'thinking'
/** A change of the event is in the timeline, but notifies nobody. */
const countsAsUnread = ({ message_type }: InboxRow) => message_type !== EVENT_CHANGE

/** Returns the index of the first row after the position. Searches by bisection, because the rows are sorted. */
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
