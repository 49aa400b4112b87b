import { at } from './mysql.ts'
import type { Bug, Piece, Ref, State } from './state.ts'

/** The attempt is part of a job's id. BullMQ ignores an id that it has, whatever has become of the job. */
export function add(state: State, { reply, attempt }: Ref): void {
  if (state.queue.some((job) => job.reply === reply && job.attempt === attempt)) return
  state.queue.push({ reply, attempt, by: null, over: false })
  state.queue.sort((a, b) => a.reply - b.reply || a.attempt - b.attempt)
}

/** The job is through. A worker that lost its lock, or its Redis, doesn't get to remove it. */
export function complete(state: State, worker: number, bug?: Bug): void {
  const work = state.workers[worker]
  state.workers[worker] = null
  const job = state.queue.find((one) => one.by === worker && one.reply === work?.reply && one.attempt === work.job)
  if (!job) return
  job.by = null
  if (bug === 'jobs are kept when they are over') job.over = true
  else state.queue = state.queue.filter((one) => one !== job)
}

/** A node receives a row, or finds it when it compares. Rows come in the order of their numbers; some never come. */
export function showRow(state: State, number: number): void {
  const { unfinished, attempt, run } = at(state, number)
  const followed = state.node[number]
  if (!followed) return
  const known = followed.attempt
  followed.run = run
  followed.attempt = unfinished ? Math.max(known ?? 0, attempt) : null
}

/** The node passes it on, or not. */
export function showPiece(state: State, { reply, attempt, run }: Piece, bug?: Bug): void {
  const followed = state.node[reply]
  if (!followed) return
  const fits = followed.attempt !== null && attempt >= followed.attempt
  if (!fits && bug !== 'the node shows every delta') return
  if (attempt < followed.shown) state.wrong = 'a piece of a lower attempt was shown after one of a higher'
  else if (followed.attempt === null) state.wrong = 'a piece was shown after the final row'
  else if (run < followed.run) state.wrong = 'a piece from before the retry was shown after it'
  followed.shown = attempt
  followed.attempt = Math.max(followed.attempt ?? 0, attempt)
}
