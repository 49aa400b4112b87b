import type { ReplyDelta, ReplySnapshot } from '@engineer-chat/protocol'

/** Holds a reply's text so far. The pieces of the text may come twice, late, or not at all. */
export interface LiveReply {
  readonly attempt: number
  /** All pieces below this index are in `text`. */
  readonly nextIndex: number
  readonly text: string
  /** Says whether a piece is missing. `text` is then a correct beginning, and a snapshot brings the rest. */
  readonly hasGap: boolean
  /** Says whether the server cut the snapshot's text, so that `text` is not complete. */
  readonly truncated: boolean
  /** Says whether the final row of this attempt has arrived. Late pieces are then ignored. */
  readonly ended: boolean
  /** Holds pieces that came before their predecessor, by index. */
  readonly earlyPieces: ReadonlyMap<number, string>
}

/** If more pieces are early, all of them are dropped: the next snapshot contains their text. */
const MAX_EARLY_PIECES = 4_096

const startReply = (attempt: number): LiveReply => ({
  attempt,
  nextIndex: 0,
  text: '',
  hasGap: false,
  truncated: false,
  ended: false,
  earlyPieces: new Map(),
})

export function addDelta(reply: LiveReply | undefined, delta: ReplyDelta): LiveReply {
  if (reply && isOver(reply, delta.attempt)) return reply
  const current = getOrStartAttempt(reply, delta.attempt)
  if (delta.index < current.nextIndex || current.earlyPieces.has(delta.index)) return current
  if (delta.index === current.nextIndex) {
    return joinEarlyPieces({ ...current, nextIndex: delta.index + 1, text: current.text + delta.text })
  }
  if (current.earlyPieces.size >= MAX_EARLY_PIECES) return { ...current, hasGap: true, earlyPieces: new Map() }
  return { ...current, hasGap: true, earlyPieces: new Map(current.earlyPieces).set(delta.index, delta.text) }
}

export function applySnapshot(reply: LiveReply | undefined, snapshot: ReplySnapshot): LiveReply {
  if (reply && isOver(reply, snapshot.attempt)) return reply
  const current = getOrStartAttempt(reply, snapshot.attempt)
  if (snapshot.next_index < current.nextIndex) return current
  // The reply has the text up to this index already.
  if (snapshot.next_index === current.nextIndex && current.text !== '') return current
  const { next_index: nextIndex, text, truncated = false } = snapshot
  return joinEarlyPieces({ ...current, nextIndex, text, truncated })
}

/** Removes the text and keeps the number of the attempt, so that late pieces of this attempt are ignored. */
export const endReply = (reply: LiveReply): LiveReply => ({ ...startReply(reply.attempt), ended: true })

/** Returns true if the attempt has ended or a newer one has begun. */
const isOver = (reply: LiveReply, attempt: number): boolean =>
  attempt < reply.attempt || (attempt === reply.attempt && reply.ended)

const getOrStartAttempt = (reply: LiveReply | undefined, attempt: number): LiveReply =>
  reply?.attempt === attempt ? reply : startReply(attempt)

/** Appends the early pieces that now follow the text. */
function joinEarlyPieces(reply: LiveReply): LiveReply {
  let { nextIndex, text } = reply
  const earlyPieces = new Map([...reply.earlyPieces].filter(([index]) => index >= nextIndex))
  for (;;) {
    const piece = earlyPieces.get(nextIndex)
    if (piece === undefined) break
    earlyPieces.delete(nextIndex)
    text += piece
    nextIndex += 1
  }
  return { ...reply, nextIndex, text, earlyPieces, hasGap: earlyPieces.size > 0 }
}
