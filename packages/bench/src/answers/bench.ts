import { waitUntil } from '@engineer-chat/proof'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import { runClosedLoop } from '../load/load.ts'
import type { Measurer } from '../measure/measurer.ts'
import { watchCpu } from '../measure/processes.ts'
import { quantile, toRoundStats } from '../measure/quantiles.ts'
import { type LaunchedProcess, startProgram } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { createQuestions } from '../send/requests.ts'
import { toRow } from '../workers/row.ts'

const IN_FLIGHT = 64
/** No question is asked after this time. The following wait for all replies fails after the same time. */
const ANSWER_TIMEOUT_MS = 120_000

interface AnswerStats {
  /** Gives the number of answered questions per second. */
  per_second: number
  /** Gives the API's processor time for one question with its answer. `total_us` is the sum of the four processes. */
  api_us: number
  worker_us: number
  mysql_us: number
  redis_us: number
  total_us: number
  send_p50_ms: number
}

/**
 * Measures the processor time of a question with its answer. Questions are asked while a worker answers, and the
 * measurement ends with the last answer. The model answers immediately with one word.
 */
export async function benchAnswers({ answers: sizes, rounds }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  const provider = await startProgram('provider', { PIECES: '1', PIECE_INTERVAL_MS: '0' })
  try {
    const api = await stack.startApi()
    const llm = { LLM_BASE_URL: provider.url, LLM_MODEL: 'bench', LLM_API_KEY: 'none' }
    const worker = await stack.startWorker({ ...llm, WORKER_CONCURRENCY: '50' })
    const database = await openBulkDatabase(stack.mysql.url, sizes.users)
    const measure = () => measureAnswers({ stack, api, worker, database }, sizes)
    await measure() // The first run only warms up.
    const results: AnswerStats[] = []
    for (let round = 0; round < rounds; round++) results.push(await measurer.measure(measure))
    await database.close()
    const toStats = (key: keyof AnswerStats) => toRoundStats(results.map((result) => result[key]))
    return {
      bench: 'answers',
      tables: [
        {
          title: `${sizes.users} people ask in ${sizes.rooms} rooms, ${IN_FLIGHT} in flight, until the last answer`,
          head: ['', 'questions/s', 'µs API', 'µs worker', 'µs MySQL', 'µs Redis', 'µs in total', 'p50 ms of a send'],
          rows: [toRow('Engineer Chat', results)],
        },
      ],
      goals: [
        createMaximumGoal('a question with its answer, all processes', 2_200, 'µs', toStats('total_us')),
        createMaximumGoal('the worker’s part', 900, 'µs', toStats('worker_us')),
        createMaximumGoal('MySQL’s part', 900, 'µs', toStats('mysql_us')),
        createMaximumGoal('p50 of a send while answers are written', 35, 'ms', toStats('send_p50_ms')),
      ],
      data: results,
    }
  } finally {
    await provider.kill()
    await stack.stop()
  }
}

interface Setup {
  stack: Stack
  api: LaunchedProcess
  worker: LaunchedProcess
  database: BulkDatabase
}

async function measureAnswers(
  { stack, api, worker, database }: Setup,
  { rooms, questions }: Scale['answers'],
): Promise<AnswerStats> {
  const { createRequest } = createQuestions(database.users, await database.createRooms(rooms))
  const readUsage = watchCpu({ api: api.pid, worker: worker.pid, mysql: stack.mysql.pid, redis: stack.redis.pid })
  const startedAtMs = performance.now()
  const limits = { durationMs: ANSWER_TIMEOUT_MS, requests: questions }
  const { count, latenciesMs } = await runClosedLoop({ url: api.url, createRequest }, IN_FLIGHT, limits)
  await waitUntil('every answer', async () => (await database.countUnfinished()) === 0, ANSWER_TIMEOUT_MS)
  const elapsedMs = performance.now() - startedAtMs
  const { cpuUs } = readUsage()
  const failed = await database.readNumber("SELECT COUNT(*) FROM messages WHERE message_type = 'error'")
  if (failed > 0) throw new Error(`${failed} replies ended as an error.`)
  return {
    per_second: (count * 1_000) / elapsedMs,
    api_us: cpuUs.api / count,
    worker_us: cpuUs.worker / count,
    mysql_us: cpuUs.mysql / count,
    redis_us: cpuUs.redis / count,
    total_us: (cpuUs.api + cpuUs.worker + cpuUs.mysql + cpuUs.redis) / count,
    send_p50_ms: quantile(latenciesMs, 0.5),
  }
}
