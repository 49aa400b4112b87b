import type { Log, ReplyJob, ReplyQueue, Span, Tracer } from '@engineer-chat/chat/shared'
import { withTimeout } from '@engineer-chat/process/with-timeout'
import { Queue } from 'bullmq'
import { connectQueue, type QueueClient } from './connection.ts'
import {
  MESSAGING_FIELDS,
  type OwnedQueueLocation,
  type QueuedReply,
  REPLY_QUEUE_NAME,
  toJob,
  toJobId,
  toPrefix,
} from './jobs.ts'

const COMMAND_TIMEOUT_MS = 1_000
/** Closing waits this long for batches in flight: longer than one command may take. The sweep finds what is lost. */
const CLOSE_TIMEOUT_MS = 1_500
const MAX_BATCH_JOBS = 1_000
/** At most this many batches wait while Redis hangs. Further batches are dropped, and the sweep finds their replies. */
const MAX_BATCHES_IN_FLIGHT = 20

/** The jobs are hints: MySQL holds the replies, and the sweep finds those whose job was lost. */
export interface ClosableReplyQueue extends ReplyQueue {
  status(): 'ready' | 'down'
  close(): Promise<void>
}

export interface ReplyQueueOptions extends OwnedQueueLocation {
  log: Log
  /** Is called with the jobs that Redis did not take, except delayed ones. Without it they are left to the sweep. */
  onNotQueued?(jobs: ReplyJob[]): void
  tracer?: Tracer | undefined
}

/** Opens the queue of replies. No caller waits for Redis and no call throws: the sweep finds what can't be added. */
export function openReplyQueue(options: ReplyQueueOptions): ClosableReplyQueue {
  const { connector, namespace, ownership, log, onNotQueued, tracer } = options
  const client = connectQueue(connector, log, 'produce', {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
  })
  const getQueue = createLazyQueue(client, namespace)
  const waitingJobs = new Map<string, QueuedReply>()
  const batchesInFlight = new Set<Promise<void>>()

  const isReady = () => client.status === 'ready' && ownership.isOurs()
  const reportNotQueued = (jobs: QueuedReply[]) => onNotQueued?.(jobs.filter(({ delayMs }) => delayMs === 0))
  const addBatch = async (jobs: QueuedReply[]): Promise<void> => {
    const { tracedJobs, endSpans } = startSendSpans(tracer, jobs)
    await getQueue()
      .addBulk(toAddingOrder(tracedJobs).map(toJob))
      .then(() => endSpans())
      .catch((cause) => {
        endSpans('not_queued')
        log.error('EngineerChat.jobs_not_queued', { count: jobs.length, reason: 'refused' }, cause)
        reportNotQueued(jobs)
      })
  }
  const send = (jobs: QueuedReply[]): void => {
    // Nothing is logged here, because the connection or the check of Redis' owner has logged the outage.
    if (!isReady() || batchesInFlight.size >= MAX_BATCHES_IN_FLIGHT) return void reportNotQueued(jobs)
    const batch = addBatch(jobs).finally(() => batchesInFlight.delete(batch))
    batchesInFlight.add(batch)
  }

  /** Sends all jobs that were added in one tick of the event loop. */
  const flush = () => {
    const jobs = [...waitingJobs.values()]
    waitingJobs.clear()
    for (let index = 0; index < jobs.length; index += MAX_BATCH_JOBS) send(jobs.slice(index, index + MAX_BATCH_JOBS))
  }

  return {
    add(jobs, { delayMs = 0, isFirst = false } = {}) {
      if (waitingJobs.size === 0 && jobs.length > 0) setImmediate(flush)
      for (const reply of jobs) {
        const job = { ...reply, delayMs, isFirst }
        waitingJobs.set(toJobId(job), job)
      }
    },
    status: () => (isReady() ? 'ready' : 'down'),
    async close() {
      flush()
      // BullMQ sends its commands some microtasks after a call, so a QUIT that is sent now would overtake them.
      await withTimeout(Promise.allSettled(batchesInFlight), CLOSE_TIMEOUT_MS, () => undefined)
      if (client.status === 'ready') await client.quit().catch(() => undefined)
      client.disconnect()
    },
  }
}

/** BullMQ puts each job with `isFirst` at the head of the queue, so these jobs are added in reverse order. */
const toAddingOrder = (jobs: QueuedReply[]): QueuedReply[] => [
  ...jobs.filter(({ isFirst }) => !isFirst),
  ...jobs.filter(({ isFirst }) => isFirst).reverse(),
]

/**
 * Returns a function that creates the queue when it is first called, which is after Redis was ready. A queue that is
 * created before would wait for its connection and delay every job.
 */
function createLazyQueue(client: QueueClient, namespace: string): () => Queue {
  let queue: Queue | undefined
  return () => {
    if (queue) return queue
    queue = new Queue(REPLY_QUEUE_NAME, { connection: client, prefix: toPrefix(namespace), skipVersionCheck: true })
    queue.on('error', () => {}) // The connection logs the error.
    return queue
  }
}

function startSendSpans(tracer: Tracer | undefined, jobs: QueuedReply[]) {
  const jobsWithSpans = jobs.map((job) => startSendSpan(tracer, job))
  const endSpans = (error?: string) => {
    for (const { span } of jobsWithSpans) span?.end(error)
  }
  return { tracedJobs: jobsWithSpans.map(({ job }) => job), endSpans }
}

/**
 * Starts a span that measures how long Redis takes for a job of a trace, and passes the span's id to the worker.
 * BullMQ's own telemetry is not used, because it gives all jobs of a batch the same trace.
 */
function startSendSpan(tracer: Tracer | undefined, job: QueuedReply): { job: QueuedReply; span?: Span } {
  if (!tracer || job.traceparent === undefined) return { job }
  const { message_id: reply_id, request_id, delayMs: delay_ms } = job
  const fields = { ...MESSAGING_FIELDS, 'messaging.operation.type': 'send', reply_id, request_id, delay_ms }
  const span = tracer.startSpan(`send ${REPLY_QUEUE_NAME}`, { kind: 'producer', parent: job.traceparent, fields })
  return { job: { ...job, traceparent: span.traceparent }, span }
}
