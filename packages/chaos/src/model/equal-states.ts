import { getReply } from './mysql.ts'
import type { ClaimedJob, Job, ReplyAttempt, State } from './state.ts'

const PAST = -1

/**
 * Makes two states equal if the same steps can follow them. The order of the workers does not matter. Jobs of a past
 * attempt are never added again, so neither their attempt nor their count matters.
 */
export function normalizeState(state: State): void {
  const isPast = ({ reply, attempt }: ReplyAttempt) => attempt < getReply(state, reply).attempt
  const clearPastAttempt = (replyAttempt: ReplyAttempt) => {
    if (isPast(replyAttempt)) replyAttempt.attempt = PAST
  }
  for (const work of state.workers) {
    if (!work) continue
    if (isPast({ reply: work.reply, attempt: work.jobAttempt })) work.jobAttempt = PAST
  }
  state.hints.forEach(clearPastAttempt)
  state.queue.forEach(clearPastAttempt)
  state.queue = state.queue.filter((job, index, queue) => !isRedundant(job, queue.slice(0, index)))
  sortWorkers(state)
  state.queue.sort((a, b) => a.reply - b.reply || a.attempt - b.attempt || (a.worker ?? -1) - (b.worker ?? -1))
}

/** Says whether a job of a past attempt, which no worker holds, is finished or has an equal one before it. */
function isRedundant(job: Job, jobsBefore: Job[]): boolean {
  if (job.attempt !== PAST || job.worker !== null) return false
  return job.isFinished || jobsBefore.some((other) => isSame(other, job) && other.worker === null)
}

const isSame = (a: ReplyAttempt, b: ReplyAttempt): boolean => a.reply === b.reply && a.attempt === b.attempt

function sortWorkers(state: State): void {
  const keys = state.workers.map((work, index) => toKey(state, work, index))
  const order = keys.map((_, index) => index).sort((a, b) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1))
  if (order.every((index, position) => index === position)) return
  state.workers = order.map((index) => state.workers[index] ?? null)
  for (const job of state.queue) if (job.worker !== null) job.worker = order.indexOf(job.worker)
}

function toKey({ queue }: State, work: ClaimedJob | null, index: number): string {
  const heldJobs = queue.flatMap(({ reply, attempt, worker }) => (worker === index ? [reply, attempt] : [])).join()
  return work
    ? `${work.reply} ${work.attempt} ${work.jobAttempt} ${work.phase} ${work.run} ${work.calls} ${heldJobs}`
    : heldJobs
}
