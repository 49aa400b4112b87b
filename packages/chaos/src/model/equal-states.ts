import { at } from './mysql.ts'
import type { Ref, State, Work } from './state.ts'

const PAST = -1

/**
 * Makes states equal that can't be told apart from here on: no job with an attempt that is past is ever added again, so it
 * doesn't matter which one it was, or how many of them wait; and it doesn't matter which worker is which.
 */
export function unify(state: State): void {
  const isPast = ({ reply, attempt }: Ref) => attempt < at(state, reply).attempt
  const forget = (ref: Ref) => {
    if (isPast(ref)) ref.attempt = PAST
  }
  for (const work of state.workers) {
    if (!work) continue
    if (isPast({ reply: work.reply, attempt: work.job })) work.job = PAST
  }
  state.hints.forEach(forget)
  state.queue.forEach(forget)
  state.queue = state.queue.filter(
    ({ reply, attempt, by, over }, index, all) =>
      attempt !== PAST ||
      by !== null ||
      !(over || all.slice(0, index).some((before) => isSame(before, { reply, attempt }) && before.by === null)),
  )
  sortWorkers(state)
  state.queue.sort((a, b) => a.reply - b.reply || a.attempt - b.attempt || (a.by ?? -1) - (b.by ?? -1))
}

const isSame = (a: Ref, b: Ref): boolean => a.reply === b.reply && a.attempt === b.attempt

function sortWorkers(state: State): void {
  const keys = state.workers.map((work, index) => toKey(state, work, index))
  const order = keys.map((_, index) => index).sort((a, b) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1))
  if (order.every((index, place) => index === place)) return
  state.workers = order.map((index) => state.workers[index] ?? null)
  for (const job of state.queue) if (job.by !== null) job.by = order.indexOf(job.by)
}

function toKey({ queue }: State, work: Work | null, index: number): string {
  const held = queue.flatMap(({ reply, attempt, by }) => (by === index ? [reply, attempt] : [])).join()
  return work ? `${work.reply} ${work.attempt} ${work.job} ${work.phase} ${work.run} ${work.calls} ${held}` : held
}
