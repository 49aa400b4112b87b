import type { Bug, Ref, Reply, State } from './state.ts'

// One function for each transaction of adapters/mysql that a reply's life consists of, with its conditions as they stand
// there. Each is atomic: locks are taken room, session, message, and READ COMMITTED sees nothing half done.

/** The session's one reply that may be in the queue. */
const earliestUnfinished = (state: State): number => state.replies.findIndex((reply) => reply.unfinished)

function hintHead(state: State): void {
  const head = earliestUnfinished(state)
  if (head !== -1) hint(state, { reply: head, attempt: at(state, head).attempt })
}

export function hint(state: State, { reply, attempt }: Ref): void {
  state.hints = [...state.hints.filter((known) => known.reply !== reply), { reply, attempt }]
  state.hints.sort((a, b) => a.reply - b.reply)
}

export function ask(state: State, number: number): void {
  const busy = earliestUnfinished(state) !== -1
  Object.assign(at(state, number), { asked: true, unfinished: true })
  if (!busy) hint(state, { reply: number, attempt: 0 })
}

/** Returns the fence token, or undefined when the reply cannot be claimed. */
export function claim(state: State, number: number, bug?: Bug): Pick<Ref, 'attempt'> | undefined {
  const reply = at(state, number)
  const head = earliestUnfinished(state)
  if (head !== number && bug !== 'claim out of turn') return undefined
  if (!reply.unfinished || reply.lease === 'held') return undefined
  if (head !== number) state.wrong = 'a question is answered before an earlier one of its session'
  reply.attempt += 1
  reply.lease = 'held'
  return { attempt: reply.attempt }
}

const holds = (reply: Reply, { attempt }: Pick<Ref, 'attempt'>): boolean =>
  reply.unfinished && reply.lease !== 'none' && reply.attempt === attempt

export function renew(state: State, ref: Ref): boolean {
  const reply = at(state, ref.reply)
  if (!holds(reply, ref)) return false
  reply.lease = 'held'
  return true
}

export function again(state: State, ref: Ref): boolean {
  if (!renew(state, ref)) return false
  at(state, ref.reply).attempt += 1
  return true
}

export function release(state: State, ref: Ref): boolean {
  const reply = at(state, ref.reply)
  if (!holds(reply, ref)) return false
  reply.lease = 'none'
  return true
}

export function finish(state: State, ref: Ref, bug?: Bug): boolean {
  const reply = at(state, ref.reply)
  if (!holds(reply, ref) && bug !== 'finish without the fence') return false
  if (ref.attempt !== reply.attempt) state.wrong = 'a lower attempt finished the reply'
  end(state, reply)
  hintHead(state)
  return true
}

/** Ends an unclaimed reply. A claimed one is only marked, and the protocol does not depend on when its worker looks. */
export function cancel(state: State, number: number): void {
  const reply = at(state, number)
  if (reply.lease !== 'none') return
  const head = earliestUnfinished(state)
  end(state, reply)
  if (head === number) hintHead(state)
}

export function retry(state: State, number: number, bug?: Bug): void {
  const reply = at(state, number)
  state.retries -= 1
  reply.run += 1
  reply.finishes = 0
  reply.attempt += bug === 'retry keeps the attempt' ? 0 : 1
  Object.assign(reply, { unfinished: true, lease: 'none' })
  if (earliestUnfinished(state) === number) hint(state, { reply: number, attempt: reply.attempt })
}

/** Finds a session's earliest unfinished reply while no worker holds it, on every sweep. */
export function sweep(state: State, bug?: Bug): Ref[] {
  const head = earliestUnfinished(state)
  const reply = state.replies[head]
  if (!reply || reply.lease === 'held' || bug === 'no sweep') return []
  if (reply.lease === 'lapsed' && bug === 'a lapsed lease is not due') return []
  return [{ reply: head, attempt: reply.attempt }]
}

function end(state: State, reply: Reply): void {
  reply.finishes += 1
  if (reply.finishes > 1) state.wrong = 'a reply ended twice'
  Object.assign(reply, { unfinished: false, lease: 'none' })
}

export function at(state: State, number: number): Reply {
  const reply = state.replies[number]
  if (!reply) throw new Error(`there is no reply ${number}`)
  return reply
}
