import type { ReplyJob } from './model.ts'

/** Carries hints: the sweep finds a lost job. Adding a job that is queued already does nothing. */
export interface ReplyQueue {
  /** With `delayMs`, a worker gets the jobs after this time. */
  add(jobs: ReplyJob[], delayMs?: number): void
}
