import type { ReplyRef } from '@engineer-chat/chat/shared'
import type { QueueOptions } from 'bullmq'
import type { QueueServers } from './connection.ts'

export const QUEUE = 'ai-reply'

/** Keys of one installation, in one slot of a Redis cluster. */
export const toPrefix = (namespace: string): NonNullable<QueueOptions['prefix']> => `{${namespace}}`

export interface QueueLocation {
  servers: QueueServers
  /** Begins every key. */
  namespace: string
}

/** Ids and nothing else. A finished job that were kept would swallow the next one of its id: it is removed either way. */
export function toJob({ message_id, attempt }: ReplyRef) {
  return {
    name: 'reply',
    data: { message_id, attempt },
    opts: { jobId: toJobId({ message_id, attempt }), attempts: 1, removeOnComplete: true, removeOnFail: true },
  }
}

/** The attempt makes it new each time; BullMQ refuses a `:`, which ids may hold. */
export const toJobId = ({ message_id, attempt }: ReplyRef): string =>
  `reply-${message_id.replaceAll(':', '~')}-${attempt}`

export function parseReplyRef(data: unknown): ReplyRef | undefined {
  if (typeof data !== 'object' || data === null || !('message_id' in data) || !('attempt' in data)) return undefined
  const { message_id, attempt } = data
  return typeof message_id === 'string' && typeof attempt === 'number' ? { message_id, attempt } : undefined
}
