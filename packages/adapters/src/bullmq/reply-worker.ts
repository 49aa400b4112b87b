import type { Log, ReplyJob } from '@engineer-chat/chat/shared'
import { createThrottledReport } from '@engineer-chat/process/throttled-report'
import { withTimeout } from '@engineer-chat/process/with-timeout'
import { type Job, WaitingError, Worker } from 'bullmq'
import { Cluster } from 'ioredis'
import { createAnswersInFlight } from './answers-in-flight.ts'
import { connectQueue, type QueueClient } from './connection.ts'
import { type GuardedQueueLocation, parseReplyJob, QUEUE, toPrefix } from './jobs.ts'

/** The lock of a job expires after this time if its worker died and no longer renews it. */
const LOCK_MS = 5_000
/**
 * The workers together look for jobs with an expired lock this often. All of them use the same value, because Redis
 * keeps the time of the last search.
 */
const STALLED_MS = 2_000
/** After the signal is aborted, handlers have this long to release their replies. */
const LAST_MOMENT_MS = 3_000
/** BullMQ keeps one point of its metrics for each minute. */
const METRICS_MINUTES = 24 * 60
/** Other programs can write jobs, whose ids may be longer than those of `toJobId`. */
const MAX_LOGGED_ID = 300

export interface ReplyWorkerOptions extends GuardedQueueLocation {
  concurrency: number
  /** Bull Board shows this name where Redis lists its clients. It must not contain spaces. */
  name?: string
  /**
   * Handles one job. Once the signal is aborted, the handler releases the reply and returns. An error ends the job,
   * and the sweep finds the reply again.
   */
  handle(job: ReplyJob, signal: AbortSignal): Promise<void>
  log: Log
}

export interface ReplyWorker {
  status(): 'ready' | 'down'
  /**
   * Writes replies without the queue while Redis is down, as many in parallel as with it. Each reply is claimed in
   * MySQL, so it does no harm if another worker also tries to write it.
   */
  answerWithoutQueue(jobs: ReplyJob[]): void
  /**
   * Takes no more jobs, lets running ones continue for `graceMs`, then aborts them. It always resolves soon after.
   */
  close(graceMs: number): Promise<void>
}

/**
 * Runs jobs that write replies. A job is a hint to read a row, whose fence token decides who may write it. So a job
 * that runs twice, or that loses its lock because Redis is down, does no harm, and a running answer continues without
 * Redis.
 */
export function startReplyWorker(options: ReplyWorkerOptions): ReplyWorker {
  const { servers, namespace, guard, concurrency, name, handle, log } = options
  const client = connectQueue(servers, log, 'work', { maxRetriesPerRequest: null })
  const blocking = trackDuplicates(client)
  const logMalformed = createThrottledReport((count) => log.warn('EngineerChat.job_malformed', { count }))
  const logFailed = createThrottledReport((count, job: Job | undefined, cause: Error) => {
    const { message_id, request_id } = parseReplyJob(job?.data) ?? {}
    const fields = { count, job_id: job?.id?.slice(0, MAX_LOGGED_ID), message_id, reply_id: message_id, request_id }
    log.error('EngineerChat.job_failed', fields, cause)
  })

  const answers = createAnswersInFlight(concurrency, handle, (cause) => logFailed(undefined, cause))
  const run = async (job: Job, token: string | undefined): Promise<void> => {
    if (!guard.isOurs()) return putBack(job, token)
    const reply = parseReplyJob(job.data)
    if (!reply) return logMalformed()
    await answers.start(reply)
  }
  const worker = new QueueWorker(QUEUE, run, {
    connection: client,
    prefix: toPrefix(namespace),
    autorun: guard.isOurs(),
    concurrency,
    ...(name !== undefined && { name }),
    metrics: { maxDataPoints: METRICS_MINUTES },
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_MS,
    maxStalledCount: Number.MAX_SAFE_INTEGER, // The reply's row counts how often it may be tried.
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  })
  worker.on('error', (cause) => {
    if (client.status === 'ready') log.warn('EngineerChat.queue_error', { reason: cause.name })
  })
  worker.on('failed', (job, cause) => logFailed(job, cause))
  // Jobs of another installation are left to its workers. Replies in flight continue, because MySQL has them.
  guard.onChange(() => {
    if (!closing) void (guard.isOurs() ? worker.resume() : worker.pause(true))
  })

  let closing: Promise<void> | undefined
  const close = async (graceMs: number): Promise<void> => {
    const closed = worker.close(client.status !== 'ready').catch(() => undefined)
    await answers.finish(graceMs)
    await answers.abort(LAST_MOMENT_MS)
    // Closing also removes the finished jobs from Redis, and would wait for a Redis that hangs or never comes back.
    await withTimeout(closed, LAST_MOMENT_MS, () => undefined)
    await worker.stopRenewingLocks()
    for (const connection of [client, ...blocking]) connection.disconnect()
  }
  return {
    status: () => (client.status === 'ready' && guard.isOurs() ? 'ready' : 'down'),
    answerWithoutQueue: (jobs) => {
      if (!closing) answers.startWhenFree(jobs)
    },
    close(graceMs) {
      closing ??= close(graceMs)
      return closing
    },
  }
}

class QueueWorker extends Worker {
  /**
   * BullMQ stops this timer only after the last job, which a lost Redis never confirms, and the process would not end.
   */
  stopRenewingLocks(): Promise<void> {
    return this.lockManager.close()
  }
}

/**
 * Gives back a job if this Redis is not known to be ours. If that fails, the workers of the Redis's owner take the job
 * over once its lock has expired.
 * @throws WaitingError, after which BullMQ neither removes the job nor counts it as failed
 */
async function putBack(job: Job, token: string | undefined): Promise<never> {
  await job.moveToWait(token).catch(() => undefined)
  throw new WaitingError()
}

/**
 * Tracks the second connection, on which BullMQ waits for jobs. Without Redis, BullMQ keeps trying to open this
 * connection even after the worker was closed.
 */
function trackDuplicates(client: QueueClient): QueueClient[] {
  const duplicates: QueueClient[] = []
  const keepClient = <T extends QueueClient>(client: T): T => {
    duplicates.push(client)
    return client
  }
  if (client instanceof Cluster) {
    const duplicate = client.duplicate.bind(client)
    client.duplicate = (nodes, options) => keepClient(duplicate(nodes, options))
  } else {
    const duplicate = client.duplicate.bind(client)
    client.duplicate = (options) => keepClient(duplicate(options))
  }
  return duplicates
}
