import { until } from '@engineer-chat/proof'
import { closedLoop, type Load, openLoop } from '../load/load.ts'
import { findBottleneck } from '../measure/bottleneck.ts'
import { type Cpu, watchCpu } from '../measure/processes.ts'
import { quantile } from '../measure/quantiles.ts'
import { type Launched, startContender } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { SECRET } from '../world/token.ts'
import { createWorld, type World } from '../world/world.ts'

export const CONTENDERS = ['floor', 'insert', 'naive', 'ours'] as const
export type ContenderName = (typeof CONTENDERS)[number]

/** Holds what one contender did in one window. */
export interface Sent {
  accepted: number
  /** Counts, in MySQL, the accepted replies that a worker finished. */
  answered: number
  per_second: number
  p50_ms: number
  p99_ms: number
  /** Holds the processor time per send, in µs. */
  cpu: Cpu<'node' | 'mysql' | 'redis'>
  bottleneck: string
}

/** Ends at its duration or at its count of requests, whichever comes first. */
export interface Window {
  duration_ms: number
  requests: number
}

/** Holds all contenders, which listen on one database and one Redis. */
export interface Contest {
  world: World
  closed(name: ContenderName, request: () => string, inFlight: number, window: Window): Promise<Sent>
  offered(name: ContenderName, request: () => string, rate: number, window_ms: number): Promise<Sent>
  stop(): Promise<void>
}

export async function openContest(users: number): Promise<Contest> {
  const stack = await startStack()
  const ours = await stack.startApi()
  const env = { SECRET, DATABASE_URL: stack.mysql.url, REDIS_URL: stack.redis.url }
  const [floor, insert, naive] = await Promise.all([
    startContender('floor', env),
    startContender('insert', env),
    startContender('naive', env),
  ])
  const nodes: Record<ContenderName, Launched> = { floor, insert, naive, ours }
  const worker = await stack.startWorker({ WORKER_CONCURRENCY: '100' })
  worker.pause()
  const world = await createWorld(stack.mysql.url, users)
  const measured = measuring(stack, nodes, worker, world)
  return {
    world,
    closed: (name, request, inFlight, window) => measured(name, request, (load) => closedLoop(load, inFlight, window)),
    offered: (name, request, rate, window_ms) => measured(name, request, (load) => openLoop(load, rate, window_ms)),
    async stop() {
      await Promise.all([floor, insert, naive].map((contender) => contender.kill()))
      await world.close()
      await stack.stop()
    },
  }
}

/**
 * Pauses the worker while sends are measured; then the worker answers all accepted questions before anything else
 * begins.
 */
function measuring(stack: Stack, nodes: Record<ContenderName, Launched>, worker: Launched, world: World) {
  return async (name: ContenderName, request: () => string, run: (load: Load) => ReturnType<typeof closedLoop>) => {
    const node = nodes[name]
    const before = await answers(world)
    const usage = watchCpu({ node: node.pid, mysql: stack.mysql.pid, redis: stack.redis.pid })
    const { count, elapsed_ms, latencies_ms } = await run({ url: node.url, request })
    const used = usage()
    worker.resume()
    await until('every reply is finished', async () => (await countUnfinished(world)) === 0, 120_000)
    worker.pause()
    const { node: own, mysql, redis } = used.cpu
    const sent: Sent = {
      accepted: count,
      answered: (await answers(world)) - before,
      per_second: (count * 1_000) / elapsed_ms,
      p50_ms: quantile(latencies_ms, 0.5),
      p99_ms: quantile(latencies_ms, 0.99),
      cpu: { node: own / count, mysql: mysql / count, redis: redis / count },
      bottleneck: findBottleneck(used, 'node'),
    }
    const toAnswer = name === 'ours' || name === 'naive' ? count : 0
    if (sent.answered !== toAnswer) throw new Error(`${name}: ${toAnswer} accepted, ${sent.answered} answered`)
    return sent
  }
}

const countUnfinished = (world: World) => world.count('SELECT COUNT(*) FROM messages WHERE due_at IS NOT NULL')
const answers = (world: World) =>
  world.count("SELECT COUNT(*) FROM messages WHERE sender_type = 'ai' AND message_type = 'chat'")
