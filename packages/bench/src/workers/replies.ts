import { waitUntil } from '@engineer-chat/proof'
import type { BulkDatabase } from '../database/bulk-database.ts'
import { sendAll } from '../load/load.ts'
import { readResidentBytes, watchCpu } from '../measure/processes.ts'
import type { LaunchedProcess } from '../processes/launch.ts'
import type { Stack } from '../processes/stack.ts'
import { createQuestions } from '../send/requests.ts'

export interface ReplyStats {
  per_second: number
  /** Is the processor time of all workers per reply, as the next two are of MySQL and Redis. */
  worker_us: number
  mysql_us: number
  redis_us: number
  resident_mib: number
}

/** Pauses the workers while `replies` questions are asked, resumes them, and times them until all are answered. */
export async function measureReplies(
  {
    stack,
    database,
    api,
    workers,
  }: { stack: Stack; database: BulkDatabase; api: LaunchedProcess; workers: LaunchedProcess[] },
  replies: number,
): Promise<ReplyStats> {
  const rooms = await database.createRooms(Math.min(100, replies))
  const { createRequest } = createQuestions(database.users, rooms)
  // Replies of earlier measurements would be counted, too.
  await waitUntil('the earlier replies', async () => (await countUnfinished(database)) === 0, 60_000)
  const finishedBefore = await countFinished(database)
  for (const worker of workers) worker.pause()
  await sendAll({ url: api.url, createRequest }, replies)

  const pids: Record<string, number> = { mysql: stack.mysql.pid, redis: stack.redis.pid }
  for (const [index, { pid }] of workers.entries()) pids[`worker ${index}`] = pid
  const readUsage = watchCpu(pids)
  const startedAtMs = performance.now()
  for (const worker of workers) worker.resume()
  await waitUntil('every reply', async () => (await countUnfinished(database)) === 0, 120_000)
  const elapsedMs = performance.now() - startedAtMs
  const answered = (await countFinished(database)) - finishedBefore
  if (answered !== replies) throw new Error(`${replies} asked, ${answered} answered.`)
  const failed = await database.readNumber("SELECT COUNT(*) FROM messages WHERE message_type = 'error'")
  if (failed > 0) throw new Error(`${failed} replies ended as an error.`)
  const { mysql = 0, redis = 0, ...workersUs } = readUsage().cpuUs
  return {
    per_second: (replies * 1_000) / elapsedMs,
    worker_us: Object.values(workersUs).reduce((sum, us) => sum + us, 0) / replies,
    mysql_us: mysql / replies,
    redis_us: redis / replies,
    resident_mib: Math.max(...workers.map(({ pid }) => readResidentBytes(pid))) / 1_024 ** 2,
  }
}

const countFinished = (database: BulkDatabase): Promise<number> =>
  database.readNumber('SELECT COUNT(*) FROM messages WHERE reply_to IS NOT NULL AND due_at IS NULL')

const countUnfinished = (database: BulkDatabase): Promise<number> =>
  database.readNumber('SELECT COUNT(*) FROM messages FORCE INDEX (idx_due) WHERE due_at IS NOT NULL')
