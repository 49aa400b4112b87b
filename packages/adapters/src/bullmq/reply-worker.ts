import type { Log, ReplyJob } from '@engineer-chat/chat/shared'
import { createThrottledReport } from '@engineer-chat/process/throttled-report'
import { withTimeout } from '@engineer-chat/process/with-timeout'
import { type Job, WaitingError, Worker } from 'bullmq'
import { Cluster } from 'ioredis'
import { createAnswersInFlight } from './answers-in-flight.ts'
import { connectQueue, type QueueClient } from './connection.ts'
import { type OwnedQueueLocation, parseReplyJob, REPLY_QUEUE_NAME, toPrefix } from './jobs.ts'

/** The lock of a job expires after this time if its worker died and no longer renews it. */
const LOCK_MS = 5_000
/**
 * The workers together look for jobs with an expired lock at this interval. All of them use the same value, because
 * Redis keeps the time of the last search for all workers.
 */
const STALLED_CHECK_INTERVAL_MS = 2_000
/** After the signal is aborted, handlers have this long to release their replies. BullMQ then has as long to close. */
const RELEASE_TIMEOUT_MS = 3_000
/** BullMQ keeps one point of its metrics for each minute. */
const METRICS_MINUTES = 24 * 60
/** Other programs can write jobs, whose ids may be longer than those of `toJobId`. */
const MAX_LOGGED_ID_CHARACTERS = 300

export interface ReplyWorkerOptions extends OwnedQueueLocation {
  concurrency: number
  /** Bull Board shows this name in its list of workers. Redis accepts no spaces in it. */
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
   * Writes replies whose jobs Redis did not take, as soon as this worker writes fewer than `concurrency` replies. Each
   * reply is claimed in MySQL, so it does no harm if another worker also tries to write it.
   */
  answerWithoutQueue(jobs: ReplyJob[]): void
  /**
   * Takes no more jobs, lets running ones continue for `graceMs`, then aborts them. It resolves a few seconds later,
   * even if Redis or a handler hangs.
   */
  close(graceMs: number): Promise<void>
}

/**
 * Runs jobs that write replies. A job is a hint to read a row, whose fence token decides who may write it. So it does
 * no harm if a job runs twice, or loses its lock because Redis is down. A running answer continues without Redis.
 */
export function startReplyWorker(options: ReplyWorkerOptions): ReplyWorker {
  const { connector, namespace, ownership, concurrency, name, handle, log } = options
  const client = connectQueue(connector, log, 'work', { maxRetriesPerRequest: null })
  const blockingClients = trackDuplicates(client)
  const logMalformed = createThrottledReport((count) => log.warn('EngineerChat.job_malformed', { count }))
  const logFailed = createThrottledReport((count, job: Job | undefined, cause: Error) =>
    log.error('EngineerChat.job_failed', { count, ...toLogFields(job) }, cause),
  )

  const answers = createAnswersInFlight(concurrency, handle, (cause) => logFailed(undefined, cause))
  const runJob = async (job: Job, token: string | undefined): Promise<void> => {
    if (!ownership.isOurs()) return putBack(job, token)
    const reply = parseReplyJob(job.data)
    if (!reply) return logMalformed()
    await answers.start(reply)
  }
  const worker = new QueueWorker(REPLY_QUEUE_NAME, runJob, {
    connection: client,
    prefix: toPrefix(namespace),
    autorun: ownership.isOurs(),
    concurrency,
    ...(name !== undefined && { name }),
    metrics: { maxDataPoints: METRICS_MINUTES },
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_INTERVAL_MS,
    maxStalledCount: Number.MAX_SAFE_INTEGER, // The tries are counted in the reply's row instead.
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  })
  worker.on('error', (cause) => {
    if (client.status === 'ready') log.warn('EngineerChat.queue_error', { reason: cause.name })
  })
  worker.on('failed', (job, cause) => logFailed(job, cause))
  // Jobs of another installation are left to its workers. Replies in flight continue, because MySQL has them.
  ownership.onChange(() => {
    if (!closing) void (ownership.isOurs() ? worker.resume() : worker.pause(true))
  })

  let closing: Promise<void> | undefined
  const close = async (graceMs: number): Promise<void> => {
    const workerClosed = worker.close(client.status !== 'ready').catch(() => undefined)
    await answers.finish(graceMs)
    await answers.abort(RELEASE_TIMEOUT_MS)
    // BullMQ's close waits until Redis has completed the last jobs, which would be forever if Redis does not answer.
    await withTimeout(workerClosed, RELEASE_TIMEOUT_MS, () => undefined)
    await worker.stopRenewingLocks()
    for (const connection of [client, ...blockingClients]) connection.disconnect()
  }
  return {
    status: () => (client.status === 'ready' && ownership.isOurs() ? 'ready' : 'down'),
    answerWithoutQueue: (jobs) => {
      if (!closing) answers.startWhenFree(jobs)
    },
    close(graceMs) {
      closing ??= close(graceMs)
      return closing
    },
  }
}

function toLogFields(job: Job | undefined) {
  const { message_id, request_id } = parseReplyJob(job?.data) ?? {}
  return {
    job_id: job?.id?.slice(0, MAX_LOGGED_ID_CHARACTERS),
    message_id,
    reply_id: message_id, // Log lines about a reply are found by this field.
    request_id,
  }
}

class QueueWorker extends Worker {
  /**
   * Stops the timer that renews the locks of jobs. BullMQ stops it only after the end of the last job, which a lost
   * Redis never confirms, so the process would not exit.
   */
  stopRenewingLocks(): Promise<void> {
    return this.lockManager.close()
  }
}

/**
 * Puts a job back into the queue, because Redis is not known to belong to this installation. If that fails, the
 * workers of the installation that owns Redis take the job over once the job's lock has expired.
 * @throws WaitingError, after which BullMQ neither removes the job nor counts it as failed
 */
async function putBack(job: Job, token: string | undefined): Promise<never> {
  await job.moveToWait(token).catch(() => undefined)
  throw new WaitingError()
}

/**
 * Collects the connections that BullMQ duplicates from the client to wait for jobs. The caller disconnects them,
 * because without Redis BullMQ keeps trying to open them even after the worker was closed.
 */
function trackDuplicates(client: QueueClient): QueueClient[] {
  const duplicates: QueueClient[] = []
  const keepDuplicate = <T extends QueueClient>(duplicated: T): T => {
    duplicates.push(duplicated)
    return duplicated
  }
  if (client instanceof Cluster) {
    const duplicate = client.duplicate.bind(client)
    client.duplicate = (nodes, options) => keepDuplicate(duplicate(nodes, options))
  } else {
    const duplicate = client.duplicate.bind(client)
    client.duplicate = (options) => keepDuplicate(duplicate(options))
  }
  return duplicates
}
