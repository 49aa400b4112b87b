import { getReply } from './mysql.ts'
import type { Job, ReplyAttempt, State, TakenJob } from './state.ts'

/** Replaces each attempt that is lower than the current attempt of its reply. */
const PAST = -1

/**
 * Brings a state into a normal form. States that the same steps can follow get the same form, so that `explore` visits
 * only one of them. The order of the workers does not matter. Jobs of past attempts are never added again, so it does
 * not matter which past attempts they have, or how many of them there are.
 */
export function normalizeState(state: State): void {
  const isPast = ({ reply, attempt }: ReplyAttempt) => attempt < getReply(state, reply).attempt
  const clearPastAttempt = (replyAttempt: ReplyAttempt) => {
    if (isPast(replyAttempt)) replyAttempt.attempt = PAST
  }
  for (const takenJob of state.workers) {
    if (!takenJob) continue
    if (isPast({ reply: takenJob.reply, attempt: takenJob.jobAttempt })) takenJob.jobAttempt = PAST
  }
  state.hints.forEach(clearPastAttempt)
  state.queue.forEach(clearPastAttempt)
  state.queue = state.queue.filter((job, index, queue) => !isRedundant(job, queue.slice(0, index)))
  sortWorkers(state)
  state.queue.sort((a, b) => a.reply - b.reply || a.attempt - b.attempt || (a.worker ?? -1) - (b.worker ?? -1))
}

/**
 * Says whether a job can be left out: its attempt is past, no worker holds it, and it is finished or equals an earlier
 * job that no worker holds.
 */
function isRedundant(job: Job, jobsBefore: Job[]): boolean {
  if (job.attempt !== PAST || job.worker !== null) return false
  return job.isFinished || jobsBefore.some((other) => isSame(other, job) && other.worker === null)
}

const isSame = (a: ReplyAttempt, b: ReplyAttempt): boolean => a.reply === b.reply && a.attempt === b.attempt

/** Sorts the workers by what they hold, and writes their new numbers into the jobs of the queue. */
function sortWorkers(state: State): void {
  const keys = state.workers.map((takenJob, index) => toKey(state, takenJob, index))
  const order = keys.map((_, index) => index).sort((a, b) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1))
  if (order.every((index, position) => index === position)) return
  state.workers = order.map((index) => state.workers[index] ?? null)
  for (const job of state.queue) if (job.worker !== null) job.worker = order.indexOf(job.worker)
}

function toKey({ queue }: State, takenJob: TakenJob | null, index: number): string {
  const heldJobs = queue.flatMap(({ reply, attempt, worker }) => (worker === index ? [reply, attempt] : [])).join()
  if (!takenJob) return heldJobs
  const { reply, attempt, jobAttempt, phase, retryCount, callCount } = takenJob
  return [reply, attempt, jobAttempt, phase, retryCount, callCount, heldJobs].join(' ')
}
