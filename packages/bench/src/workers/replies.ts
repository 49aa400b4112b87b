import { waitUntil } from '@engineer-chat/proof'
import type { BulkDatabase } from '../database/bulk-database.ts'
import { sendAll } from '../load/load.ts'
import { readResidentBytes, watchCpu } from '../measure/processes.ts'
import type { LaunchedProcess } from '../processes/launch.ts'
import type { Stack } from '../processes/stack.ts'
import { createQuestions } from '../send/requests.ts'

export interface ReplyStats {
  per_second: number
  /** Gives the processor time of all workers per reply, in µs. The fields of MySQL and Redis have the same unit. */
  worker_us: number
  mysql_us: number
  redis_us: number
  /** Gives the memory of the largest worker. */
  resident_mib: number
}

/** The measurement fails if replies of an earlier one are still unfinished after a wait of this time. */
const EARLIER_TIMEOUT_MS = 60_000
/** The measurement fails if a reply is still unfinished this long after the workers were resumed. */
const ANSWER_TIMEOUT_MS = 120_000

/** Pauses the workers, asks questions, resumes the workers, and measures how long they take to answer all questions. */
export async function measureReplies(
  {
    stack,
    database,
    api,
    workers,
  }: { stack: Stack; database: BulkDatabase; api: LaunchedProcess; workers: LaunchedProcess[] },
  replyCount: number,
): Promise<ReplyStats> {
  const rooms = await database.createRooms(Math.min(100, replyCount))
  const { createRequest } = createQuestions(database.users, rooms)
  // Without this wait, replies of earlier measurements would be counted, too.
  await waitUntil('the earlier replies', async () => (await database.countUnfinished()) === 0, EARLIER_TIMEOUT_MS)
  const finishedBefore = await countFinished(database)
  for (const worker of workers) worker.pause()
  await sendAll({ url: api.url, createRequest }, replyCount)

  const pids: Record<string, number> = { mysql: stack.mysql.pid, redis: stack.redis.pid }
  for (const [index, { pid }] of workers.entries()) pids[`worker ${index}`] = pid
  const readUsage = watchCpu(pids)
  const startedAtMs = performance.now()
  for (const worker of workers) worker.resume()
  await waitUntil('every reply', async () => (await database.countUnfinished()) === 0, ANSWER_TIMEOUT_MS)
  const elapsedMs = performance.now() - startedAtMs
  const { mysql = 0, redis = 0, ...workersUs } = readUsage().cpuUs // The checks below also use MySQL's processor.
  const answered = (await countFinished(database)) - finishedBefore
  if (answered !== replyCount) throw new Error(`${replyCount} questions were asked, ${answered} answered.`)
  const failed = await database.readNumber("SELECT COUNT(*) FROM messages WHERE message_type = 'error'")
  if (failed > 0) throw new Error(`${failed} replies ended as an error.`)
  return {
    per_second: (replyCount * 1_000) / elapsedMs,
    worker_us: Object.values(workersUs).reduce((sum, us) => sum + us, 0) / replyCount,
    mysql_us: mysql / replyCount,
    redis_us: redis / replyCount,
    resident_mib: Math.max(...workers.map(({ pid }) => readResidentBytes(pid))) / 1_024 ** 2,
  }
}

const countFinished = (database: BulkDatabase): Promise<number> =>
  database.readNumber('SELECT COUNT(*) FROM messages WHERE reply_to IS NOT NULL AND due_at IS NULL')
