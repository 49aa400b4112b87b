import { getReply } from './mysql.ts'
import type { Bug, Delta, ReplyAttempt, State } from './state.ts'

/**
 * Adds a job, whose id contains the reply and the attempt. BullMQ ignores an id that it already has, even if the job
 * with this id is finished.
 */
export function addJob(state: State, { reply, attempt }: ReplyAttempt): void {
  if (state.queue.some((job) => job.reply === reply && job.attempt === attempt)) return
  state.queue.push({ reply, attempt, worker: null, isFinished: false })
  state.queue.sort((a, b) => a.reply - b.reply || a.attempt - b.attempt)
}

/**
 * Ends the work of a worker and removes its job. If the worker has lost the lock of the job, or Redis has lost the job,
 * nothing is removed.
 */
export function completeJob(state: State, worker: number, bug?: Bug): void {
  const takenJob = state.workers[worker]
  state.workers[worker] = null
  const job = state.queue.find(
    (queued) => queued.worker === worker && queued.reply === takenJob?.reply && queued.attempt === takenJob.jobAttempt,
  )
  if (!job) return
  job.worker = null
  if (bug === 'finished jobs stay in the queue') job.isFinished = true
  else state.queue = state.queue.filter((queued) => queued !== job)
}

/**
 * Models a node that receives the current row of a reply, or reads this row after it compared sequence numbers with
 * MySQL. Older versions of the row may get lost, but an older version never comes after a newer one.
 */
export function showRow(state: State, replyNumber: number): void {
  const { isUnfinished, attempt, retryCount } = getReply(state, replyNumber)
  const followedReply = state.followedReplies[replyNumber]
  if (!followedReply) return
  followedReply.retryCount = retryCount
  followedReply.attempt = isUnfinished ? Math.max(followedReply.attempt ?? 0, attempt) : null
}

/**
 * Models a node that receives a delta. The node sends it to clients if the node knows that the reply is unfinished and
 * knows no higher attempt.
 */
export function showDelta(state: State, { reply, attempt, retryCount }: Delta, bug?: Bug): void {
  const followedReply = state.followedReplies[reply]
  if (!followedReply) return
  const isCurrent = followedReply.attempt !== null && attempt >= followedReply.attempt
  if (!isCurrent && bug !== 'the node shows every delta') return
  if (attempt < followedReply.shownAttempt)
    state.violation = 'a delta of a lower attempt was shown after a delta of a higher attempt'
  else if (followedReply.attempt === null) state.violation = 'a delta was shown after the final row'
  else if (retryCount < followedReply.retryCount)
    state.violation = 'a delta from before the retry was shown after the retry'
  followedReply.shownAttempt = attempt
  followedReply.attempt = Math.max(followedReply.attempt ?? 0, attempt)
}
