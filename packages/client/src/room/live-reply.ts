import type { ReplyDelta, ReplySnapshot } from '@engineer-chat/protocol'

/** A reply's text so far is put together from pieces that may come twice, late, or not at all. */
export interface LiveReply {
  readonly attempt: number
  /** All pieces below this index are in `text`. */
  readonly next_index: number
  readonly text: string
  /** True while a piece is missing: `text` is a correct beginning, and a snapshot brings the rest. */
  readonly stale: boolean
  readonly truncated: boolean
  /** True once the final row of this attempt has come; late pieces are ignored. */
  readonly ended: boolean
  /** Holds pieces that came before their predecessor, by index. */
  readonly ahead: ReadonlyMap<number, string>
}

const MAX_AHEAD = 4_096

const startReply = (attempt: number): LiveReply => ({
  attempt,
  next_index: 0,
  text: '',
  stale: false,
  truncated: false,
  ended: false,
  ahead: new Map(),
})

export function addDelta(live: LiveReply | undefined, delta: ReplyDelta): LiveReply {
  if (live && isOver(live, delta.attempt)) return live
  const current = findAttempt(live, delta.attempt)
  if (delta.index < current.next_index || current.ahead.has(delta.index)) return current
  if (delta.index === current.next_index) {
    return joinPending({ ...current, next_index: delta.index + 1, text: current.text + delta.text })
  }
  if (current.ahead.size >= MAX_AHEAD) return { ...current, stale: true, ahead: new Map() }
  return { ...current, stale: true, ahead: new Map(current.ahead).set(delta.index, delta.text) }
}

export function applySnapshot(live: LiveReply | undefined, snapshot: ReplySnapshot): LiveReply {
  if (live && isOver(live, snapshot.attempt)) return live
  const current = findAttempt(live, snapshot.attempt)
  if (snapshot.next_index < current.next_index) return current
  if (snapshot.next_index === current.next_index && current.text !== '') return current
  const { next_index, text, truncated = false } = snapshot
  return joinPending({ ...current, next_index, text, truncated })
}

/** Keeps only the attempt's number, so that late pieces of it are recognised. */
export const endReply = (live: LiveReply): LiveReply => ({ ...startReply(live.attempt), ended: true })

/** True if the attempt has ended or a newer one has begun. */
const isOver = (live: LiveReply, attempt: number): boolean =>
  attempt < live.attempt || (attempt === live.attempt && live.ended)

const findAttempt = (live: LiveReply | undefined, attempt: number): LiveReply =>
  live?.attempt === attempt ? live : startReply(attempt)

function joinPending(live: LiveReply): LiveReply {
  let { next_index, text } = live
  const ahead = new Map([...live.ahead].filter(([index]) => index >= next_index))
  for (let piece = ahead.get(next_index); piece !== undefined; piece = ahead.get(next_index)) {
    ahead.delete(next_index)
    text += piece
    next_index += 1
  }
  return { ...live, next_index, text, ahead, stale: ahead.size > 0 }
}
