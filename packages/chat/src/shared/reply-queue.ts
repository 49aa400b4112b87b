/** Names one run of a reply. The job id contains the attempt, so that the queue takes a new job for each run. */
export interface ReplyRef {
  message_id: string
  attempt: number
}

/**
 * Says which request and which span caused a job. A job of the sweep, which replaces a lost job, has neither.
 */
export interface JobOrigin {
  request_id?: string
  traceparent?: string
}

/** Asks a worker for a reply. */
export interface ReplyJob extends ReplyRef, JobOrigin {}

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
