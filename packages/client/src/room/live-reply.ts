import type { ReplyDelta, ReplySnapshot } from '@engineer-chat/protocol'

/** What a reply has written so far, put together from pieces that may come twice, late, or not at all. */
export interface LiveReply {
  readonly attempt: number
  /** The pieces below it are in `text`. */
  readonly next_index: number
  readonly text: string
  /** A piece is missing: the text is a true beginning, and a snapshot brings the rest. */
  readonly stale: boolean
  readonly truncated: boolean
  /** The final row of this attempt has come: stragglers say nothing new. */
  readonly ended: boolean
  /** Pieces that came before the one in front of them. */
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
  const current = findAttempt(live, delta.attempt)
  if (current === undefined) return live as LiveReply
  if (delta.index < current.next_index || current.ahead.has(delta.index)) return current
  if (delta.index === current.next_index) {
    return joinPending({ ...current, next_index: delta.index + 1, text: current.text + delta.text })
  }
  if (current.ahead.size >= MAX_AHEAD) return { ...current, stale: true, ahead: new Map() }
  return { ...current, stale: true, ahead: new Map(current.ahead).set(delta.index, delta.text) }
}

export function applySnapshot(live: LiveReply | undefined, snapshot: ReplySnapshot): LiveReply {
  const current = findAttempt(live, snapshot.attempt)
  if (current === undefined) return live as LiveReply
  if (snapshot.next_index < current.next_index) return current
  if (snapshot.next_index === current.next_index && current.text !== '') return current
  const { next_index, text, truncated = false } = snapshot
  return joinPending({ ...current, next_index, text, truncated })
}

/** Keeps the attempt as a fence, and nothing else. */
export const endReply = (live: LiveReply): LiveReply => ({ ...startReply(live.attempt), ended: true })

/** Undefined: the attempt is over, or was overtaken. */
function findAttempt(live: LiveReply | undefined, attempt: number): LiveReply | undefined {
  if (live === undefined || attempt > live.attempt) return startReply(attempt)
  return attempt < live.attempt || live.ended ? undefined : live
}

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
