/** Names one run of a reply. The job id contains the attempt, so that the queue takes a new job for each run. */
export interface ReplyRef {
  message_id: string
  attempt: number
}

/** Says which request and which span caused a job. A job that the sweep adds for a lost one has neither. */
export interface JobOrigin {
  request_id?: string
  traceparent?: string
}

/** Asks a worker to write a reply. */
export interface ReplyJob extends ReplyRef, JobOrigin {}

export interface JobOptions {
  /** The jobs stay in the queue for this time before a worker gets them. */
  delayMs?: number
  /** True puts the jobs before all jobs that are already in the queue. Among themselves they keep their order. */
  isFirst?: boolean
}

/**
 * Carries jobs to workers. A job may be lost, because the sweep finds its reply. Adding a job that is queued already
 * does nothing.
 */
export interface ReplyQueue {
  add(jobs: ReplyJob[], options?: JobOptions): void
}
