import { waitUntil } from '@engineer-chat/proof'
import { runClosedLoop } from '../load/load.ts'
import { readResidentBytes, watchCpu } from '../measure/processes.ts'
import type { Launched } from '../processes/launch.ts'
import type { Stack } from '../processes/stack.ts'
import { createQuestions } from '../send/requests.ts'
import type { World } from '../world/world.ts'

export interface ReplyStats {
  per_second: number
  /** The next three hold the processor time per reply of all workers, of MySQL and of Redis, in µs. */
  worker_us: number
  mysql_us: number
  redis_us: number
  resident_mib: number
}

/** Pauses the workers while `replies` questions are asked, resumes them, and times them until all are answered. */
export async function measureReplies(
  { stack, world, api, workers }: { stack: Stack; world: World; api: Launched; workers: Launched[] },
  replies: number,
): Promise<ReplyStats> {
  const rooms = await world.openRooms(Math.min(100, replies))
  const { request } = createQuestions(world.askers, rooms)
  // Earlier replies that are still unfinished would be counted here.
  await waitUntil('the earlier replies', async () => (await countUnfinished(world)) === 0, 60_000)
  const before = await countFinished(world)
  for (const worker of workers) worker.pause()
  let asked = 0
  const once = () => {
    asked += 1
    return request()
  }
  while (asked < replies)
    await runClosedLoop({ url: api.url, request: once }, Math.min(50, replies - asked), { duration_ms: 0 })

  const pids: Record<string, number> = { mysql: stack.mysql.pid, redis: stack.redis.pid }
  for (const [index, { pid }] of workers.entries()) pids[`worker ${index}`] = pid
  const usage = watchCpu(pids)
  const begin = performance.now()
  for (const worker of workers) worker.resume()
  await waitUntil('every reply', async () => (await countUnfinished(world)) === 0, 120_000)
  const elapsed_ms = performance.now() - begin
  const answered = (await countFinished(world)) - before
  if (answered !== replies) throw new Error(`${replies} asked, ${answered} answered.`)
  const failed = await world.readNumber("SELECT COUNT(*) FROM messages WHERE message_type = 'error'")
  if (failed > 0) throw new Error(`${failed} replies ended as an error.`)
  const { mysql = 0, redis = 0, ...own } = usage().cpu
  return {
    per_second: (replies * 1_000) / elapsed_ms,
    worker_us: Object.values(own).reduce((sum, us) => sum + us, 0) / replies,
    mysql_us: mysql / replies,
    redis_us: redis / replies,
    resident_mib: Math.max(...workers.map(({ pid }) => readResidentBytes(pid))) / 1_024 ** 2,
  }
}

const countFinished = (world: World): Promise<number> =>
  world.readNumber('SELECT COUNT(*) FROM messages WHERE reply_to IS NOT NULL AND due_at IS NULL')

const countUnfinished = (world: World): Promise<number> =>
  world.readNumber('SELECT COUNT(*) FROM messages FORCE INDEX (idx_due) WHERE due_at IS NOT NULL')
