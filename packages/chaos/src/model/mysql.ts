import type { Bug, Reply, ReplyAttempt, State } from './state.ts'

// Each exported function except `addHint` and `getReply` models one transaction of adapters/mysql, with the same
// conditions. Each is atomic, because the locks of room, session and message are taken in this order, and READ
// COMMITTED reads no uncommitted row.

/** Finds the number of the earliest unfinished reply; -1 if all have ended. Only this reply may be claimed. */
const findEarliestUnfinished = (state: State): number => state.replies.findIndex((reply) => reply.isUnfinished)

function addHintForEarliest(state: State): void {
  const earliestNumber = findEarliestUnfinished(state)
  if (earliestNumber !== -1) addHint(state, { reply: earliestNumber, attempt: getReply(state, earliestNumber).attempt })
}

/** Adds a hint, which replaces an older hint of the same reply. */
export function addHint(state: State, { reply, attempt }: ReplyAttempt): void {
  state.hints = [...state.hints.filter((hint) => hint.reply !== reply), { reply, attempt }]
  state.hints.sort((a, b) => a.reply - b.reply)
}

export function ask(state: State, replyNumber: number): void {
  const hasUnfinished = findEarliestUnfinished(state) !== -1
  Object.assign(getReply(state, replyNumber), { isAsked: true, isUnfinished: true })
  if (!hasUnfinished) addHint(state, { reply: replyNumber, attempt: 0 })
}

/** Returns the fence token, or undefined when the reply cannot be claimed. */
export function claim(state: State, replyNumber: number, bug?: Bug): number | undefined {
  const reply = getReply(state, replyNumber)
  const earliestNumber = findEarliestUnfinished(state)
  if (earliestNumber !== replyNumber && bug !== 'claim in any order') return undefined
  if (!reply.isUnfinished || reply.lease === 'held') return undefined
  if (earliestNumber !== replyNumber) state.violation = 'a question is answered before an earlier one of its session'
  reply.attempt += 1
  reply.lease = 'held'
  return reply.attempt
}

const isClaimedBy = (reply: Reply, { attempt }: ReplyAttempt): boolean =>
  reply.isUnfinished && reply.lease !== 'none' && reply.attempt === attempt

export function renew(state: State, replyAttempt: ReplyAttempt): boolean {
  const reply = getReply(state, replyAttempt.reply)
  if (!isClaimedBy(reply, replyAttempt)) return false
  reply.lease = 'held'
  return true
}

export function raiseAttempt(state: State, replyAttempt: ReplyAttempt): boolean {
  if (!renew(state, replyAttempt)) return false
  getReply(state, replyAttempt.reply).attempt += 1
  return true
}

export function release(state: State, replyAttempt: ReplyAttempt): boolean {
  const reply = getReply(state, replyAttempt.reply)
  if (!isClaimedBy(reply, replyAttempt)) return false
  reply.lease = 'none'
  return true
}

export function finish(state: State, replyAttempt: ReplyAttempt, bug?: Bug): boolean {
  const reply = getReply(state, replyAttempt.reply)
  if (!isClaimedBy(reply, replyAttempt) && bug !== 'finish without the fence') return false
  if (replyAttempt.attempt !== reply.attempt) state.violation = 'a lower attempt finished the reply'
  end(state, reply)
  addHintForEarliest(state)
  return true
}

/**
 * Ends a reply that no worker has claimed. This model of the protocol leaves out the cancellation of a claimed reply,
 * because this cancellation only asks the worker to end the reply.
 */
export function cancel(state: State, replyNumber: number): void {
  const reply = getReply(state, replyNumber)
  if (reply.lease !== 'none') return
  const earliestNumber = findEarliestUnfinished(state)
  end(state, reply)
  if (earliestNumber === replyNumber) addHintForEarliest(state)
}

export function retry(state: State, replyNumber: number, bug?: Bug): void {
  const reply = getReply(state, replyNumber)
  state.remainingRetries -= 1
  reply.retryCount += 1
  reply.finishCount = 0
  reply.attempt += bug === 'retry keeps the attempt' ? 0 : 1
  Object.assign(reply, { isUnfinished: true, lease: 'none' })
  if (findEarliestUnfinished(state) === replyNumber) addHint(state, { reply: replyNumber, attempt: reply.attempt })
}

/** Lists the earliest unfinished reply if its lease is not held. Otherwise the list is empty. */
export function sweep(state: State, bug?: Bug): ReplyAttempt[] {
  const earliestNumber = findEarliestUnfinished(state)
  const reply = state.replies[earliestNumber]
  if (!reply || reply.lease === 'held' || bug === 'no sweep') return []
  if (reply.lease === 'lapsed' && bug === 'the sweep skips lapsed leases') return []
  return [{ reply: earliestNumber, attempt: reply.attempt }]
}

function end(state: State, reply: Reply): void {
  reply.finishCount += 1
  if (reply.finishCount > 1) state.violation = 'a reply ended twice'
  Object.assign(reply, { isUnfinished: false, lease: 'none' })
}

export function getReply(state: State, replyNumber: number): Reply {
  const reply = state.replies[replyNumber]
  if (!reply) throw new Error(`there is no reply ${replyNumber}`)
  return reply
}
