import { BaseAdapter } from '@bull-board/api/dist/queueAdapters/base.js'
import type { DeadLetter, DeadLetterStore } from '@engineer-chat/chat/replying'

type Job = Awaited<ReturnType<BaseAdapter['getJobs']>>[number]

export const DEAD_LETTER_QUEUE_NAME = 'failed-replies'

/** The board shows fewer actions for a queue of type `bull` than for one of type `bullmq`. */
const QUEUE_TYPE = 'bull'

/**
 * Shows failed replies from MySQL to Bull Board as if they were failed jobs, because our options let BullMQ keep no
 * finished job. `queue-board.ts` replaces the board's own routes that retry jobs.
 */
export class DeadLetterQueue extends BaseAdapter {
  readonly #deadLetters: DeadLetterStore
  readonly #maxReplies: number

  constructor(deadLetters: DeadLetterStore, maxReplies: number) {
    super(QUEUE_TYPE, {
      allowCompletedRetries: false,
      displayName: 'failed replies',
      description: 'This list shows replies that ended as an error. It is read from MySQL. “Retry” asks them again.',
    })
    this.#deadLetters = deadLetters
    this.#maxReplies = maxReplies
  }

  getName = () => DEAD_LETTER_QUEUE_NAME
  getStatuses: BaseAdapter['getStatuses'] = () => ['latest', 'failed']
  getJobStatuses: BaseAdapter['getJobStatuses'] = () => ['failed']

  async getJobCounts() {
    return { ...ZERO_COUNTS, failed: Math.min(await this.#deadLetters.count(), this.#maxReplies) }
  }

  /** Lists the jobs from index `start` to index `end`, both of them included, as BullMQ does. */
  async getJobs(_statuses: unknown, start = 0, end = this.#maxReplies - 1): Promise<Job[]> {
    const deadLetters = await this.#deadLetters.list({ limit: Math.min(end + 1, this.#maxReplies) })
    return deadLetters.slice(start).map(toJob)
  }

  async getJob(id: string) {
    const deadLetter = await this.#deadLetters.find(id)
    return deadLetter && toJob(deadLetter)
  }

  getJobLogs = async () => []
  getMetrics: BaseAdapter['getMetrics'] = async () => ({
    meta: { count: 0, prevTS: 0, prevCount: 0 },
    data: [],
    count: 0,
  })
  getRedisInfo = async () => null
  isPaused = async () => false
  getGlobalConcurrency = async () => null
  getJobSchedulers = async () => []
  getJobSchedulersCount = async () => 0
  clean = refuse
  addJob = refuse
  pause = refuse
  resume = refuse
  empty = refuse
  obliterate = refuse
  promoteAll = refuse
  setGlobalConcurrency = refuse
  removeJobScheduler = refuse
  updateJobScheduler = refuse
  runJobSchedulerNow = refuse
}

const ZERO_COUNTS = {
  active: 0,
  completed: 0,
  delayed: 0,
  paused: 0,
  prioritized: 0,
  waiting: 0,
  'waiting-children': 0,
}

function toJob(deadLetter: DeadLetter): Job {
  const { message_id, event_id, user_id, code, attempts, asked_at, failed_at } = deadLetter
  return {
    opts: {},
    getState: async () => 'failed',
    retry: refuse,
    promote: refuse,
    remove: refuse,
    toJSON: () => ({
      id: message_id,
      name: code ?? 'error',
      data: { message_id, event_id, user_id },
      failedReason: code ?? 'error',
      attemptsMade: attempts,
      timestamp: Date.parse(asked_at),
      processedOn: Date.parse(asked_at), // Without this time, the board computes the duration from 1970.
      finishedOn: Date.parse(failed_at),
      progress: 0,
      stacktrace: [],
      returnvalue: null,
      opts: {},
    }),
  }
}

async function refuse(): Promise<never> {
  throw new Error('This action is not possible with failed replies.')
}
