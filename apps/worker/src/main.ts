import { queueFigures, replyBoard, replyQueue, replyWorker } from '@engineer-chat/adapters/bullmq'
import { briefingOf, budgetsOf, redisAddress } from '@engineer-chat/adapters/environment'
import { askableModels, describeModels } from '@engineer-chat/adapters/llm'
import { createLog } from '@engineer-chat/adapters/log'
import {
  createMetrics,
  measureBacklog,
  measureBreakers,
  measureBudgets,
  measurePool,
  measureQueue,
  measureRedis,
  replyCounters,
} from '@engineer-chat/adapters/metrics'
import { budgetUse, connect, migrate, mysqlStores, replyBacklog } from '@engineer-chat/adapters/mysql'
import { redisHints, redisServers } from '@engineer-chat/adapters/redis'
import { cancelHints, newId, reply, sweep, systemClock } from '@engineer-chat/chat'
import { closeOnSignals } from './close-on-signals.ts'
import { environmentOrExit, orExit } from './environment-or-exit.ts'
import { every } from './every.ts'
import { keepHouse } from './keep-house.ts'
import { inFlight, measureReplies, recordCalls } from './measure.ts'
import { serveOperations } from './operations.ts'

const SWEEP_MS = 2_000

const environment = environmentOrExit(process.env)
const models = await orExit(async () =>
  askableModels(await describeModels(environment), process.env, {
    failures: environment.LLM_BREAKER_FAILURES,
    open_ms: environment.LLM_BREAKER_OPEN * 1_000,
  }),
)
const log = createLog({ level: environment.LOG_LEVEL, service: 'worker' })
const metrics = createMetrics('worker')
const counters = replyCounters(metrics.registry)

const mysql = connect(environment.DATABASE_URL, { connectionLimit: environment.DATABASE_POOL_SIZE })
await orExit(() => migrate(mysql))
const budgets = budgetsOf(environment)

const redis = {
  servers: redisServers(redisAddress(environment.REDIS_URL)),
  namespace: environment.REDIS_NAMESPACE,
  log,
}
const hints = redisHints({ ...redis, nodeId: newId(), factsTtl: environment.FACTS_CACHE_TTL })
const stores = mysqlStores(mysql, { budgets, facts: hints.facts })
const queue = replyQueue(redis)
const board = replyBoard(redis)
measurePool(metrics.registry, mysql.use)
measureBacklog(metrics.registry, () => replyBacklog(mysql))
measureQueue(metrics.registry, () => queueFigures(board.queue))
measureBreakers(metrics.registry, models.breakers)
if (Object.keys(budgets).length > 0) measureBudgets(metrics.registry, budgetUse(mysql, budgets))

const context = {
  replies: { ...stores.replies, recordCall: recordCalls(stores.replies, counters) },
  materials: stores.materials,
  models,
  bus: hints.bus,
  live: hints.live,
  cancelHints: cancelHints(hints.cancels),
  queue,
  briefing: briefingOf(environment),
  historyLimit: environment.ENGINEER_CHAT_CONTEXT_HISTORY_LIMIT,
  keepPrompts: environment.LLM_KEEP_PROMPTS,
  clock: systemClock,
  log,
  measure: measureReplies(metrics),
}
const counted = inFlight(metrics)
const worker = replyWorker({
  ...redis,
  concurrency: environment.WORKER_CONCURRENCY,
  handle: (ref, signal) => counted(reply(context, ref, signal)),
})
const sweeping = every(SWEEP_MS, async () => counters.swept(await sweep(context)), log)
const cleaning = every(
  environment.ENGINEER_CHAT_SESSION_CLEANUP_INTERVAL * 1_000,
  () => keepHouse(stores, environment),
  log,
)
const redisStatus = () => (worker.status() === 'ready' && queue.status() === 'ready' ? hints.status() : 'down')
measureRedis(metrics.registry, redisStatus)
const operations = await serveOperations({
  port: environment.WORKER_PORT,
  host: environment.WORKER_HOST,
  registry: metrics.registry,
  mysql: async () => void (await mysql.pool.query('SELECT 1')),
  redis: redisStatus,
})
log.info('EngineerChat.worker_started', { concurrency: environment.WORKER_CONCURRENCY, port: environment.WORKER_PORT })

closeOnSignals(log, [
  async () => operations.closing(),
  () => Promise.all([sweeping.stop(), cleaning.stop(), worker.close(environment.SHUTDOWN_GRACE_MS)]),
  () => board.close(),
  () => queue.close(),
  () => hints.close(),
  () => operations.close(),
  () => mysql.close(),
])
