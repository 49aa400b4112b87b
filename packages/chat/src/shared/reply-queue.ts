import type { ReplyJob } from './model.ts'

export interface JobOptions {
  /** The jobs stay in the queue for this time before a worker gets them. */
  delayMs?: number
  /** True puts the jobs, in their order, in front of the jobs that are already in the queue. */
  isFirst?: boolean
}

/** Carries jobs as hints: the sweep finds the reply of a lost job. Adding a job that is queued already does nothing. */
export interface ReplyQueue {
  add(jobs: ReplyJob[], options?: JobOptions): void
}
