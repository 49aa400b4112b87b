import { getReply } from './mysql.ts'
import type { Bug, Piece, ReplyAttempt, State } from './state.ts'

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
  if (bug === 'jobs are kept when they are over') job.isFinished = true
  else state.queue = state.queue.filter((queued) => queued !== job)
}

/**
 * Models a node that receives the current row, or finds it when it compares numbers. Older rows may get lost, but rows
 * keep their order.
 */
export function showRow(state: State, number: number): void {
  const { isUnfinished, attempt, retryCount } = getReply(state, number)
  const followed = state.followedReplies[number]
  if (!followed) return
  followed.retryCount = retryCount
  followed.attempt = isUnfinished ? Math.max(followed.attempt ?? 0, attempt) : null
}

/**
 * Models a node that receives a piece. The node shows it to clients if it knows that the reply is unfinished and knows
 * no higher attempt.
 */
export function showPiece(state: State, { reply, attempt, retryCount }: Piece, bug?: Bug): void {
  const followed = state.followedReplies[reply]
  if (!followed) return
  const isCurrent = followed.attempt !== null && attempt >= followed.attempt
  if (!isCurrent && bug !== 'the node shows every delta') return
  if (attempt < followed.shownAttempt) state.violation = 'a piece of a lower attempt was shown after one of a higher'
  else if (followed.attempt === null) state.violation = 'a piece was shown after the final row'
  else if (retryCount < followed.retryCount) state.violation = 'a piece from before the retry was shown after it'
  followed.shownAttempt = attempt
  followed.attempt = Math.max(followed.attempt ?? 0, attempt)
}
