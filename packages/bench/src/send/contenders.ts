import { waitUntil } from '@engineer-chat/proof'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import { SECRET } from '../database/token.ts'
import { type Load, type LoadStats, type OpenLoopStats, runClosedLoop, runOpenLoop } from '../load/load.ts'
import { findBottleneck } from '../measure/bottleneck.ts'
import { type CpuTimes, watchCpu } from '../measure/processes.ts'
import { quantile } from '../measure/quantiles.ts'
import { type LaunchedProcess, startProgram } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'

/** The measurement fails if a reply is still unfinished this long after the worker was resumed. */
const ANSWER_TIMEOUT_MS = 120_000

export const SEND_CONTENDERS = ['minimal', 'insert', 'naive', 'ours'] as const
export type SendContender = (typeof SEND_CONTENDERS)[number]

/** Holds the result of one contender in one measurement. */
export interface SendStats {
  /** Counts the requests that were answered with 200. */
  accepted: number
  /** Counts the answers that the worker has stored in MySQL for these requests. */
  answered: number
  per_second: number
  p50_ms: number
  p99_ms: number
  /** Is the p99 of the requests within `warmUpMs` of an open loop, which `p50_ms` and `p99_ms` leave out. */
  warm_up_p99_ms?: number
  /** Holds the processor time per send, in µs. */
  cpu: CpuTimes<'node' | 'mysql' | 'redis'>
  bottleneck: string
}

/** Limits a measurement, which ends when the duration is over or all requests are sent. */
export interface MeasurementLimits {
  durationMs: number
  requests: number
}

/** Runs all contenders, which share one MySQL and one Redis. */
export interface SendContenders {
  database: BulkDatabase
  measureClosedLoop(
    name: SendContender,
    createRequest: () => string,
    inFlight: number,
    limits: MeasurementLimits,
  ): Promise<SendStats>
  measureOpenLoop(
    name: SendContender,
    createRequest: () => string,
    requestsPerSecond: number,
    durationMs: number,
    warmUpMs: number,
  ): Promise<SendStats>
  stop(): Promise<void>
}

export async function startSendContenders(users: number): Promise<SendContenders> {
  const stack = await startStack()
  const ours = await stack.startApi()
  const env = { SECRET, DATABASE_URL: stack.mysql.url, REDIS_URL: stack.redis.url }
  const [minimal, insert, naive] = await Promise.all([
    startProgram('minimal', env),
    startProgram('insert', env),
    startProgram('naive', env),
  ])
  const nodes: Record<SendContender, LaunchedProcess> = { minimal, insert, naive, ours }
  const worker = await stack.startWorker({ WORKER_CONCURRENCY: '100' })
  worker.pause()
  const database = await openBulkDatabase(stack.mysql.url, users)
  const measure = createMeasure(stack, nodes, worker, database)
  return {
    database,
    measureClosedLoop: (name, createRequest, inFlight, limits) =>
      measure(name, createRequest, (load) => runClosedLoop(load, inFlight, limits)),
    measureOpenLoop: (name, createRequest, requestsPerSecond, durationMs, warmUpMs) =>
      measure(name, createRequest, (load) => runOpenLoop(load, requestsPerSecond, durationMs, warmUpMs)),
    async stop() {
      await Promise.all([minimal, insert, naive].map((contender) => contender.kill()))
      await database.close()
      await stack.stop()
    },
  }
}

/**
 * Creates the function that measures a contender while the worker is paused. After each measurement, the worker answers
 * all accepted questions. The function throws if one of them gets no answer.
 */
function createMeasure(
  stack: Stack,
  nodes: Record<SendContender, LaunchedProcess>,
  worker: LaunchedProcess,
  database: BulkDatabase,
) {
  return async (
    name: SendContender,
    createRequest: () => string,
    run: (load: Load) => Promise<LoadStats | OpenLoopStats>,
  ) => {
    const node = nodes[name]
    const answersBefore = await countAnswers(database)
    const readUsage = watchCpu({ node: node.pid, mysql: stack.mysql.pid, redis: stack.redis.pid })
    const loadStats = await run({ url: node.url, createRequest })
    const { count, elapsedMs, latenciesMs } = loadStats
    const usage = readUsage()
    worker.resume()
    await waitUntil('every reply is finished', async () => (await database.countUnfinished()) === 0, ANSWER_TIMEOUT_MS)
    worker.pause()
    const { cpuUs } = usage
    const stats: SendStats = {
      accepted: count,
      answered: (await countAnswers(database)) - answersBefore,
      per_second: (count * 1_000) / elapsedMs,
      p50_ms: quantile(latenciesMs, 0.5),
      p99_ms: quantile(latenciesMs, 0.99),
      ...('warmUpLatenciesMs' in loadStats && { warm_up_p99_ms: quantile(loadStats.warmUpLatenciesMs, 0.99) }),
      cpu: { node: cpuUs.node / count, mysql: cpuUs.mysql / count, redis: cpuUs.redis / count },
      bottleneck: findBottleneck(usage, 'node'),
    }
    const expectedAnswers = name === 'ours' || name === 'naive' ? count : 0
    if (stats.answered !== expectedAnswers) {
      throw new Error(`${name}: ${expectedAnswers} questions were accepted, ${stats.answered} answered.`)
    }
    return stats
  }
}

const countAnswers = (database: BulkDatabase) =>
  database.readNumber("SELECT COUNT(*) FROM messages WHERE sender_type = 'ai' AND message_type = 'chat'")
