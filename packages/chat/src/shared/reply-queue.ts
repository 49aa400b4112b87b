import type { ReplyJob } from './model.ts'

export interface JobOptions {
  /** A worker gets the jobs after this time. */
  delayMs?: number
  /** A worker gets the jobs before those that wait already, because it is their replies' turn. */
  isFirst?: boolean
}

/** Carries hints: the sweep finds a lost job. Adding a job that is queued already does nothing. */
export interface ReplyQueue {
  add(jobs: ReplyJob[], options?: JobOptions): void
}
