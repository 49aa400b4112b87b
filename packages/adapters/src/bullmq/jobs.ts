import type { ReplyJob } from '@engineer-chat/chat/shared'
import type { QueueOptions } from 'bullmq'
import type { QueueConnector, QueueOwnership } from './connection.ts'

export const REPLY_QUEUE_NAME = 'ai-reply'

/** Describes the queue in spans, with the names of attributes that OpenTelemetry defines. */
export const MESSAGING_FIELDS = { 'messaging.system': 'bullmq', 'messaging.destination.name': REPLY_QUEUE_NAME }

/** Builds the prefix of all keys of one installation. The braces put these keys into one slot of a Redis cluster. */
export const toPrefix = (namespace: string): NonNullable<QueueOptions['prefix']> => `{${namespace}}`

export interface QueueLocation {
  connector: QueueConnector
  /** Every key of the queue begins with this name, in braces. */
  namespace: string
}

export interface OwnedQueueLocation extends QueueLocation {
  ownership: QueueOwnership
}

/**
 * Builds a job that holds only ids. BullMQ always removes a finished job, because a kept one would block the next job
 * with the same id.
 */
export function toJob({ message_id, attempt, request_id, traceparent, delayMs, isFirst }: QueuedReply) {
  return {
    name: 'reply',
    data: { message_id, attempt, ...(request_id && { request_id }), ...(traceparent && { traceparent }) },
    opts: {
      jobId: toJobId({ message_id, attempt, delayMs }),
      attempts: 1,
      removeOnComplete: true,
      removeOnFail: true,
      ...(delayMs > 0 && { delay: delayMs }),
      ...(isFirst && { lifo: true }),
    },
  }
}

export interface QueuedReply extends ReplyJob {
  delayMs: number
  /** Puts the job before all waiting jobs. */
  isFirst?: boolean
}

/**
 * The jobs of different attempts have different ids. A delayed job has an id of its own: with the same id, BullMQ would
 * ignore a job without delay that is added later for the same attempt. BullMQ refuses a `:`, which our ids may contain.
 */
export const toJobId = ({
  message_id,
  attempt,
  delayMs,
}: Pick<QueuedReply, 'message_id' | 'attempt' | 'delayMs'>): string =>
  `reply-${message_id.replaceAll(':', '~')}-${attempt}${delayMs > 0 ? '-later' : ''}`

/** The columns of ids in MySQL are not longer than this. */
const MAX_ID_CHARACTERS = 255

/** Matches a `traceparent` header of version 0, as W3C's trace context defines it. */
const isTraceparent = (text: unknown): text is string =>
  typeof text === 'string' && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(text)

/** The id of a request is logged, and another program may have written the job, so it must have this form. */
const isLoggableId = (id: unknown): id is string => typeof id === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(id)

/** Reads the ids of a job. Returns undefined for a job that another program wrote in another form. */
export function parseReplyJob(data: unknown): ReplyJob | undefined {
  if (typeof data !== 'object' || data === null || !('message_id' in data) || !('attempt' in data)) return undefined
  const { message_id, attempt } = data
  if (typeof message_id !== 'string' || message_id.length > MAX_ID_CHARACTERS) return undefined
  if (typeof attempt !== 'number') return undefined
  const request_id = 'request_id' in data ? data.request_id : undefined
  const traceparent = 'traceparent' in data ? data.traceparent : undefined
  return {
    message_id,
    attempt,
    ...(isLoggableId(request_id) && { request_id }),
    ...(isTraceparent(traceparent) && { traceparent }),
  }
}
