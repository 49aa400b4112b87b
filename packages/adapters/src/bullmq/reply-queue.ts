import type { Log, ReplyJob, ReplyQueue, Span, Tracer } from '@engineer-chat/chat/shared'
import { Queue } from 'bullmq'
import { connectQueue } from './connection.ts'
import {
  type GuardedQueueLocation,
  MESSAGING_FIELDS,
  QUEUE,
  type QueuedReply,
  toJob,
  toJobId,
  toPrefix,
} from './jobs.ts'

const COMMAND_TIMEOUT_MS = 1_000
const MAX_BATCH = 1_000
/** At most this many batches wait while Redis hangs. Further batches are dropped, and the sweep finds their replies. */
const MAX_BATCHES_IN_FLIGHT = 20

export interface QueueHints extends ReplyQueue {
  status(): 'ready' | 'down'
  close(): Promise<void>
}

export interface ReplyQueueOptions extends GuardedQueueLocation {
  log: Log
  /** Gets the jobs that Redis did not take, except delayed ones. Without this function they are left to the sweep. */
  onNotQueued?(jobs: ReplyJob[]): void
  tracer?: Tracer | undefined
}

/** Adds jobs for replies. No caller waits for Redis and no call throws: the sweep finds what can't be added now. */
export function openReplyQueue(options: ReplyQueueOptions): QueueHints {
  const { servers, namespace, guard, log, onNotQueued, tracer } = options
  const client = connectQueue(servers, log, 'produce', {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
  })
  let queue: Queue | undefined
  const waiting = new Map<string, QueuedReply>()
  let inFlight = 0

  const isReady = () => client.status === 'ready' && guard.isOurs()
  // The queue is created when Redis is ready: BullMQ waits for its connection and would delay every job with it.
  const getQueue = (): Queue => {
    if (queue) return queue
    queue = new Queue(QUEUE, { connection: client, prefix: toPrefix(namespace), skipVersionCheck: true })
    queue.on('error', () => {}) // The connection logs the error.
    return queue
  }

  const handOver = (jobs: QueuedReply[]) => onNotQueued?.(jobs.filter(({ delayMs }) => delayMs === 0))
  const send = async (jobs: QueuedReply[]): Promise<void> => {
    // The connection or the guard has logged the outage.
    if (!isReady() || inFlight >= MAX_BATCHES_IN_FLIGHT) return handOver(jobs)
    inFlight += 1
    const sent = jobs.map((job) => startSending(tracer, job))
    const endSpans = (error?: string) => {
      for (const { span } of sent) span?.end(error)
    }
    await getQueue()
      .addBulk(sent.map(({ job }) => toJob(job)))
      .then(() => endSpans())
      .catch((cause) => {
        endSpans('not_queued')
        log.error('EngineerChat.jobs_not_queued', { count: jobs.length, reason: 'refused' }, cause)
        handOver(jobs)
      })
    inFlight -= 1
  }

  /** All jobs of one tick are sent together. */
  const flush = () => {
    const jobs = [...waiting.values()]
    waiting.clear()
    for (let index = 0; index < jobs.length; index += MAX_BATCH) void send(jobs.slice(index, index + MAX_BATCH))
  }

  return {
    add(jobs, { delayMs = 0, isFirst = false } = {}) {
      if (waiting.size === 0 && jobs.length > 0) setImmediate(flush)
      for (const ref of jobs) {
        const job = { ...ref, delayMs, isFirst }
        waiting.set(toJobId(job), job)
      }
    },
    status: () => (isReady() ? 'ready' : 'down'),
    async close() {
      flush()
      // QUIT follows the commands that were sent before it.
      if (client.status === 'ready') await client.quit().catch(() => undefined)
      client.disconnect()
    },
  }
}

/**
 * Measures how long Redis takes for a job that belongs to a trace, and passes that span's id to the worker. The
 * telemetry of BullMQ itself gives all jobs of a batch the same trace.
 */
function startSending(tracer: Tracer | undefined, job: QueuedReply): { job: QueuedReply; span?: Span } {
  if (!tracer || job.traceparent === undefined) return { job }
  const { message_id: reply_id, request_id, delayMs: delay_ms } = job
  const fields = { ...MESSAGING_FIELDS, 'messaging.operation.type': 'send', reply_id, request_id, delay_ms }
  const span = tracer.startSpan(`send ${QUEUE}`, { kind: 'producer', parent: job.traceparent, fields })
  return { job: { ...job, traceparent: span.traceparent }, span }
}
