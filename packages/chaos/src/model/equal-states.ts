import { getReply } from './mysql.ts'
import type { ClaimedJob, ReplyAttempt, State } from './state.ts'

const PAST = -1

/**
 * Makes states equal that behave alike from here on. No job with a past attempt is added again, so neither its number nor
 * the count of such jobs matters. The order of the workers does not matter either.
 */
export function normalizeState(state: State): void {
  const isPast = ({ reply, attempt }: ReplyAttempt) => attempt < getReply(state, reply).attempt
  const clearPastAttempt = (ref: ReplyAttempt) => {
    if (isPast(ref)) ref.attempt = PAST
  }
  for (const work of state.workers) {
    if (!work) continue
    if (isPast({ reply: work.reply, attempt: work.jobAttempt })) work.jobAttempt = PAST
  }
  state.hints.forEach(clearPastAttempt)
  state.queue.forEach(clearPastAttempt)
  state.queue = state.queue.filter(
    ({ reply, attempt, worker, isFinished }, index, all) =>
      attempt !== PAST ||
      worker !== null ||
      !(
        isFinished || all.slice(0, index).some((before) => isSame(before, { reply, attempt }) && before.worker === null)
      ),
  )
  sortWorkers(state)
  state.queue.sort((a, b) => a.reply - b.reply || a.attempt - b.attempt || (a.worker ?? -1) - (b.worker ?? -1))
}

const isSame = (a: ReplyAttempt, b: ReplyAttempt): boolean => a.reply === b.reply && a.attempt === b.attempt

function sortWorkers(state: State): void {
  const keys = state.workers.map((work, index) => toKey(state, work, index))
  const order = keys.map((_, index) => index).sort((a, b) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1))
  if (order.every((index, place) => index === place)) return
  state.workers = order.map((index) => state.workers[index] ?? null)
  for (const job of state.queue) if (job.worker !== null) job.worker = order.indexOf(job.worker)
}

function toKey({ queue }: State, work: ClaimedJob | null, index: number): string {
  const held = queue.flatMap(({ reply, attempt, worker }) => (worker === index ? [reply, attempt] : [])).join()
  return work
    ? `${work.reply} ${work.attempt} ${work.jobAttempt} ${work.phase} ${work.run} ${work.calls} ${held}`
    : held
}
