import type { ReplyRef } from './model.ts'

/** Carries hints: the sweep finds a lost job. Adding a job that is queued already does nothing. */
export interface ReplyQueue {
  add(jobs: ReplyRef[]): void
}
