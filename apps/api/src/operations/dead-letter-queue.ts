import { BaseAdapter } from '@bull-board/api/dist/queueAdapters/base.js'
import type { DeadLetter, DeadLetterStore } from '@engineer-chat/chat/replying'

type Job = Awaited<ReturnType<BaseAdapter['getJobs']>>[number]

export const DEAD_LETTERS = 'failed-replies'

/**
 * Failed replies as Bull Board shows failed jobs. They stand in MySQL, where a reply's fate is; BullMQ forgets a job that
 * is done. What the board's page asks of them is done by our own routes: of a thousand at once the board would ask a hundred at
 * a time, and tell nothing of those done when one of them is refused.
 */
export class DeadLetterQueue extends BaseAdapter {
  readonly #letters: DeadLetterStore
  readonly #most: number

  constructor(letters: DeadLetterStore, most: number) {
    super('bull', {
      allowCompletedRetries: false,
      displayName: 'failed replies',
      description: 'Replies that ended as an error, by MySQL. “Retry” asks them again, as their askers could.',
    })
    this.#letters = letters
    this.#most = most
  }

  getName = () => DEAD_LETTERS
  getStatuses: BaseAdapter['getStatuses'] = () => ['latest', 'failed']
  getJobStatuses: BaseAdapter['getJobStatuses'] = () => ['failed']

  async getJobCounts() {
    return { ...NO_JOBS, failed: Math.min(await this.#letters.count(), this.#most) }
  }

  async getJobs(_statuses: unknown, start = 0, end = this.#most - 1): Promise<Job[]> {
    const letters = await this.#letters.list({ limit: Math.min(end + 1, this.#most) })
    return letters.slice(start).map(toJob)
  }

  async getJob(id: string) {
    const letter = await this.#letters.find(id)
    return letter && toJob(letter)
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

const NO_JOBS = {
  active: 0,
  completed: 0,
  delayed: 0,
  paused: 0,
  prioritized: 0,
  waiting: 0,
  'waiting-children': 0,
}

function toJob(letter: DeadLetter): Job {
  const { message_id, event_id, user_id, code, attempts, asked_at, failed_at } = letter
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
      processedOn: Date.parse(asked_at), // without it the board counts its time from 1970
      finishedOn: Date.parse(failed_at),
      progress: 0,
      stacktrace: [],
      returnvalue: null,
      opts: {},
    }),
  }
}

async function refuse(): Promise<never> {
  throw new Error('the board only shows failed replies')
}
