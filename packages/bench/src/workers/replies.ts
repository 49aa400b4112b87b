import { until } from '@engineer-chat/proof'
import { closedLoop } from '../load/load.ts'
import { readResidentBytes, watchCpu } from '../measure/processes.ts'
import type { Launched } from '../processes/launch.ts'
import type { Stack } from '../processes/stack.ts'
import { questions } from '../send/requests.ts'
import type { World } from '../world/world.ts'

export interface Replied {
  per_second: number
  /** Of the workers, the database and Redis; per reply. */
  worker_us: number
  mysql_us: number
  redis_us: number
  resident_mib: number
}

/** The workers are held while `replies` questions are asked; then they are let go, and timed until all are answered. */
export async function measureReplies(
  { stack, world, api, workers }: { stack: Stack; world: World; api: Launched; workers: Launched[] },
  replies: number,
): Promise<Replied> {
  const rooms = await world.openRooms(Math.min(100, replies))
  const { request } = questions(world.askers, rooms)
  await until('the replies of before', async () => (await unfinished(world)) === 0, 60_000) // or they would be counted here
  const before = await ended(world)
  for (const worker of workers) worker.hold()
  let asked = 0
  const once = () => {
    asked += 1
    return request()
  }
  while (asked < replies)
    await closedLoop({ url: api.url, request: once }, Math.min(50, replies - asked), { duration_ms: 0 })

  const pids = Object.fromEntries(workers.map(({ pid }, index) => [`worker ${index}`, pid]))
  const usage = watchCpu({ ...pids, mysql: stack.mysql.pid, redis: stack.redis.pid })
  const begin = performance.now()
  for (const worker of workers) worker.goOn()
  await until('every reply', async () => (await unfinished(world)) === 0, 120_000)
  const elapsed_ms = performance.now() - begin
  const answered = (await ended(world)) - before
  if (answered !== replies) throw new Error(`${replies} asked, ${answered} answered.`)
  const failed = await world.count("SELECT COUNT(*) FROM messages WHERE message_type = 'error'")
  if (failed > 0) throw new Error(`${failed} replies ended as an error.`)
  const { mysql = 0, redis = 0, ...own } = usage().cpu as Record<string, number>
  return {
    per_second: (replies * 1_000) / elapsed_ms,
    worker_us: Object.values(own).reduce((sum, us) => sum + us, 0) / replies,
    mysql_us: mysql / replies,
    redis_us: redis / replies,
    resident_mib: Math.max(...workers.map(({ pid }) => readResidentBytes(pid))) / 1_024 ** 2,
  }
}

const ended = (world: World): Promise<number> =>
  world.count('SELECT COUNT(*) FROM messages WHERE reply_to IS NOT NULL AND due_at IS NULL')

const unfinished = (world: World): Promise<number> =>
  world.count('SELECT COUNT(*) FROM messages FORCE INDEX (idx_due) WHERE due_at IS NOT NULL')
