import { queueFigures, replyBoard, replyQueue, replyWorker } from '@engineer-chat/adapters/bullmq'
import {
  redisAddress,
  toBriefingSettings,
  toBudgetLimits,
  warnOfUnknownVariables,
  withSecretsFromFiles,
} from '@engineer-chat/adapters/environment'
import { apiKeyVariables, askableModels, describeModels } from '@engineer-chat/adapters/llm'
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
import { cancelHints, reply, sweep } from '@engineer-chat/chat/replying'
import { newId, systemClock } from '@engineer-chat/chat/shared'
import { every } from '@engineer-chat/process/every'
import { shutdown } from '@engineer-chat/process/shutdown'
import { environmentOrExit, orExit } from './environment-or-exit.ts'
import { keepHouse } from './maintenance.ts'
import { inFlight, measureReplies, recordCalls } from './measure-replies.ts'
import { serveOperations } from './operations.ts'

const SWEEP_MS = 2_000
/** After the grace of the replies in flight: they are handed back, and connections are closed. */
const CLOSE_MS = 10_000

const config = await environmentOrExit(process.env)
const described = await orExit(() => describeModels(config.llm))
const apiKeys = apiKeyVariables(described)
const models = await orExit(async () =>
  askableModels(described, withSecretsFromFiles(process.env, apiKeys), {
    failures: config.llm.breakerFailures,
    open_ms: config.llm.breakerOpenMs,
  }),
)
const log = createLog({ level: config.process.logLevel, service: 'worker' })
warnOfUnknownVariables(process.env, apiKeys, log)
const metrics = createMetrics('worker')
const counters = replyCounters(metrics.registry)

const mysql = connect(config.database.url, { connectionLimit: config.database.poolSize })
await orExit(() => migrate(mysql))
const budgets = toBudgetLimits(config)

const redis = {
  servers: redisServers(redisAddress(config.redis.url)),
  namespace: config.redis.namespace,
  log,
}
const hints = redisHints({ ...redis, nodeId: newId(), factsTtl: config.redis.factsCacheSeconds })
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
  briefing: toBriefingSettings(config),
  historyLimit: config.prompts.historyMessages,
  keepPrompts: config.prompts.arePromptsKept,
  clock: systemClock,
  log,
  measure: measureReplies(metrics),
}
const counted = inFlight(metrics)
const worker = replyWorker({
  ...redis,
  concurrency: config.worker.concurrency,
  handle: (ref, signal) => counted(reply(context, ref, signal)),
})
const onChoreFailure = (cause: unknown) => log.error('EngineerChat.chore_failed', {}, cause)
const sweeping = every(SWEEP_MS, async () => counters.swept(await sweep(context)), onChoreFailure)
const cleaning = every(config.retention.cleanupIntervalMs, () => keepHouse(stores, config), onChoreFailure)
const redisStatus = () => (worker.status() === 'ready' && queue.status() === 'ready' ? hints.status() : 'down')
measureRedis(metrics.registry, redisStatus)
const operations = await serveOperations({
  port: config.worker.port,
  host: config.worker.host,
  registry: metrics.registry,
  mysql: async () => void (await mysql.pool.query('SELECT 1')),
  redis: redisStatus,
})
log.info('EngineerChat.worker_started', { concurrency: config.worker.concurrency, port: config.worker.port })

shutdown(
  [
    async () => operations.closing(),
    () => Promise.all([sweeping.stop(), cleaning.stop(), worker.close(config.process.shutdownGraceMs)]),
    () => board.close(),
    () => queue.close(),
    () => hints.close(),
    () => operations.close(),
    () => mysql.close(),
  ],
  {
    deadlineMs: config.process.shutdownGraceMs + CLOSE_MS,
    onClosing: (signal) => log.info('EngineerChat.worker_closing', { signal }),
    onClosed: (signal) => log.info('EngineerChat.worker_closed', { signal }),
    onFailure: (cause) => log.error('EngineerChat.close_failed', {}, cause),
  },
)
