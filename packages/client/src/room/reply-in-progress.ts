import type { ReplyDelta, ReplySnapshot } from '@engineer-chat/protocol'

/** Holds the text so far of a reply that is being written. Its deltas may come twice, late, or not at all. */
export interface ReplyInProgress {
  /** Is the attempt that wrote `text`. A higher one starts the text again. */
  readonly attempt: number
  /** Is the index of the delta that continues `text`. All deltas below it are in `text`, unless `truncated` is true. */
  readonly nextIndex: number
  /** Is one more than the highest index of the deltas that have come, those that were dropped included. */
  readonly endIndex: number
  readonly text: string
  /** Says whether a delta below `endIndex` is missing. `text` then ends before it, and a snapshot brings the rest. */
  readonly hasMissingDeltas: boolean
  /** Says whether the server cut the end of the snapshot's text. Later deltas are then not appended to `text`. */
  readonly truncated: boolean
  /** Becomes true when the reply's row is no longer `thinking`. Late deltas of this attempt are then ignored. */
  readonly hasEnded: boolean
  /** Holds the texts of early deltas by index. A delta is early if one with a lower index is still missing. */
  readonly earlyDeltas: ReadonlyMap<number, string>
}

/**
 * At most this many early deltas are kept. When another one arrives, it and all of them are dropped: the next snapshot
 * contains their text.
 */
const MAX_EARLY_DELTAS = 4_096

const startReply = (attempt: number): ReplyInProgress => ({
  attempt,
  nextIndex: 0,
  endIndex: 0,
  text: '',
  hasMissingDeltas: false,
  truncated: false,
  hasEnded: false,
  earlyDeltas: new Map(),
})

export function addDelta(reply: ReplyInProgress | undefined, delta: ReplyDelta): ReplyInProgress {
  if (reply && isAttemptOver(reply, delta.attempt)) return reply
  const current = getOrStartAttempt(reply, delta.attempt)
  if (delta.index < current.nextIndex || current.earlyDeltas.has(delta.index)) return current
  const endIndex = Math.max(current.endIndex, delta.index + 1)
  if (delta.index === current.nextIndex) {
    return joinEarlyDeltas({ ...current, nextIndex: delta.index + 1, endIndex, text: appendText(current, delta.text) })
  }
  const hasTooMany = current.earlyDeltas.size >= MAX_EARLY_DELTAS
  const earlyDeltas = hasTooMany ? new Map() : new Map(current.earlyDeltas).set(delta.index, delta.text)
  return { ...current, endIndex, hasMissingDeltas: true, earlyDeltas }
}

export function applySnapshot(reply: ReplyInProgress | undefined, snapshot: ReplySnapshot): ReplyInProgress {
  if (reply && isAttemptOver(reply, snapshot.attempt)) return reply
  const current = getOrStartAttempt(reply, snapshot.attempt)
  if (snapshot.next_index <= current.nextIndex) return current
  const { next_index: nextIndex, text, truncated = false } = snapshot
  return joinEarlyDeltas({ ...current, nextIndex, text, truncated })
}

/** Removes the text and keeps the number of the attempt, so that late deltas of this attempt are ignored. */
export const endReply = (reply: ReplyInProgress): ReplyInProgress => ({ ...startReply(reply.attempt), hasEnded: true })

/** Returns true if this attempt has ended, or if a higher one has begun. */
const isAttemptOver = (reply: ReplyInProgress, attempt: number): boolean =>
  attempt < reply.attempt || (attempt === reply.attempt && reply.hasEnded)

const getOrStartAttempt = (reply: ReplyInProgress | undefined, attempt: number): ReplyInProgress =>
  reply?.attempt === attempt ? reply : startReply(attempt)

/** Leaves a text unchanged if the server cut its end, because the next delta does not continue it. */
const appendText = ({ text, truncated }: ReplyInProgress, next: string): string => (truncated ? text : text + next)

/** Appends the early deltas that now follow the text. */
function joinEarlyDeltas(reply: ReplyInProgress): ReplyInProgress {
  let { nextIndex, text } = reply
  const earlyDeltas = new Map([...reply.earlyDeltas].filter(([index]) => index >= nextIndex))
  for (;;) {
    const nextText = earlyDeltas.get(nextIndex)
    if (nextText === undefined) break
    earlyDeltas.delete(nextIndex)
    text = appendText({ ...reply, text }, nextText)
    nextIndex += 1
  }
  return { ...reply, nextIndex, text, earlyDeltas, hasMissingDeltas: nextIndex < reply.endIndex }
}
