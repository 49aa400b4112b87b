import { waitUntil } from '@engineer-chat/proof'
import { type Load, runClosedLoop, runOpenLoop } from '../load/load.ts'
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
export interface SendStats {
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

/** Limits a measurement: it ends after the duration or the requests, whichever is first. */
export interface Window {
  duration_ms: number
  requests: number
}

/** Runs all contenders, which share one database and one Redis. */
export interface Contest {
  world: World
  measureClosedLoop(name: ContenderName, request: () => string, inFlight: number, window: Window): Promise<SendStats>
  measureOpenLoop(name: ContenderName, request: () => string, rate: number, window_ms: number): Promise<SendStats>
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
  const measure = createMeasure(stack, nodes, worker, world)
  return {
    world,
    measureClosedLoop: (name, request, inFlight, window) =>
      measure(name, request, (load) => runClosedLoop(load, inFlight, window)),
    measureOpenLoop: (name, request, rate, window_ms) =>
      measure(name, request, (load) => runOpenLoop(load, rate, window_ms)),
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
function createMeasure(stack: Stack, nodes: Record<ContenderName, Launched>, worker: Launched, world: World) {
  return async (name: ContenderName, request: () => string, run: (load: Load) => ReturnType<typeof runClosedLoop>) => {
    const node = nodes[name]
    const before = await countAnswers(world)
    const usage = watchCpu({ node: node.pid, mysql: stack.mysql.pid, redis: stack.redis.pid })
    const { count, elapsed_ms, latencies_ms } = await run({ url: node.url, request })
    const used = usage()
    worker.resume()
    await waitUntil('every reply is finished', async () => (await countUnfinished(world)) === 0, 120_000)
    worker.pause()
    const { node: own, mysql, redis } = used.cpu
    const sent: SendStats = {
      accepted: count,
      answered: (await countAnswers(world)) - before,
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

const countUnfinished = (world: World) => world.readNumber('SELECT COUNT(*) FROM messages WHERE due_at IS NOT NULL')
const countAnswers = (world: World) =>
  world.readNumber("SELECT COUNT(*) FROM messages WHERE sender_type = 'ai' AND message_type = 'chat'")
