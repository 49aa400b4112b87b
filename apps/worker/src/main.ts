import { hostname } from 'node:os'
import { openMonthArchive } from '@engineer-chat/adapters/archive'
import { openQueueInspector, openReplyQueue, readQueueStats, startReplyWorker } from '@engineer-chat/adapters/bullmq'
import {
  toBudgetLimits,
  toDatabaseTls,
  toPromptSettings,
  toRedisAddress,
  toTracingSettings,
  warnOfUnknownVariables,
  withSecretsFromFiles,
} from '@engineer-chat/adapters/environment'
import {
  createModelChains,
  getLongestCallMs,
  listApiKeyVariables,
  listOfflineModelIds,
  readConfiguredModels,
} from '@engineer-chat/adapters/llm'
import { createLog } from '@engineer-chat/adapters/log'
import {
  createMetrics,
  createReplyCounters,
  createSessionCounter,
  measureBacklog,
  measureBreakers,
  measureBudgets,
  measureBuild,
  measureMysql,
  measurePool,
  measurePostponed,
  measureQueue,
  measureRedis,
  measureTotalSessions,
} from '@engineer-chat/adapters/metrics'
import {
  countPostponedReplies,
  countSessions,
  createBudgetUsageReader,
  createMysqlStores,
  createWriteProbe,
  getInstallation,
  migrate,
  openMysql,
  readReplyBacklog,
} from '@engineer-chat/adapters/mysql'
import { createRedisConnector, openRedisAdapters } from '@engineer-chat/adapters/redis'
import { createModelHealthTracker, toAiHealth, toHealthByModel } from '@engineer-chat/chat/operations'
import { answerReply, createCancelSignals, requeueDueReplies } from '@engineer-chat/chat/replying'
import { createId, type ReplyJob, systemClock } from '@engineer-chat/chat/shared'
import { readCommandLine } from '@engineer-chat/process/commands'
import { shutDownOnSignals } from '@engineer-chat/process/shutdown'
import { serveHealthAndMetrics } from './health-server.ts'
import { createCallRecorder, createDurationRecorder, createInFlightTracker } from './measure-replies.ts'
import { readEnvironmentOrExit, runOrExit } from './read-environment-or-exit.ts'
import { startChores } from './start-chores.ts'
import { traceReplies } from './trace-replies.ts'

/** After the grace period, unfinished replies are released and connections are closed within this time. */
const CLOSE_TIMEOUT_MS = 10_000

readCommandLine('worker') // Ends the process for --help and for a wrong argument.
const config = await readEnvironmentOrExit(process.env)
const configuredModels = await runOrExit(() => readConfiguredModels(config.llm))
const apiKeyVariables = listApiKeyVariables(configuredModels)
const models = await runOrExit(async () =>
  createModelChains(
    configuredModels,
    withSecretsFromFiles(process.env, apiKeyVariables),
    { failures: config.llm.breakerFailures, openMs: config.llm.breakerOpenMs },
    config.egress,
  ),
)
const log = createLog({ level: config.process.logLevel, service: 'worker' })
warnOfUnknownVariables(process.env, apiKeyVariables, log)
const metrics = createMetrics('worker')
measureBuild(metrics.registry, { commit: config.process.buildCommit })
const { countEndedSession } = createSessionCounter(metrics.registry)
const counters = createReplyCounters(metrics.registry, listOfflineModelIds(configuredModels))

const mysql = openMysql(config.database.url, {
  connectionLimit: config.database.poolSize,
  tls: toDatabaseTls(config),
})
await runOrExit(() => migrate(mysql))
const budgets = toBudgetLimits(config)

const redis = {
  connector: createRedisConnector(toRedisAddress(config)),
  namespace: config.redis.namespace,
  log,
}
const workerId = createId()
const installation = await getInstallation(mysql)
const redisAdapters = openRedisAdapters({
  ...redis,
  installation,
  nodeId: workerId,
  factsTtlSeconds: config.redis.factsCacheSeconds,
})
const { ownership } = redisAdapters
await runOrExit(() => ownership.throwIfForeign())
const stores = createMysqlStores(mysql, { budgets, facts: redisAdapters.eventFactsCache })
const tracingSettings = toTracingSettings(config)
// OpenTelemetry is loaded only if traces are sent.
const tracing = tracingSettings
  ? (await import('@engineer-chat/adapters/tracing')).openTracing({
      settings: tracingSettings,
      egress: config.egress,
      service: 'worker',
      instanceId: workerId,
      log,
    })
  : undefined
const queue = openReplyQueue({
  ...redis,
  ownership,
  onNotQueued: (jobs) => worker.answerWithoutQueue(jobs),
  tracer: tracing?.tracer,
})
// The API needs an inspector for its queue board, and the worker only to count jobs for its metrics. It has a separate
// connection, whose commands fail soon while Redis is down.
const inspector = openQueueInspector(redis)
measurePool(metrics.registry, mysql.readPoolUsage)
measureBacklog(metrics.registry, () => readReplyBacklog(mysql))
measurePostponed(metrics.registry, () => countPostponedReplies(mysql))
measureTotalSessions(metrics.registry, () => countSessions(mysql))
measureQueue(metrics.registry, () => readQueueStats(inspector.queue, ownership))
measureBreakers(metrics.registry, models.listBreakers)
if (Object.keys(budgets).length > 0) measureBudgets(metrics.registry, createBudgetUsageReader(mysql, budgets))

const modelIds = configuredModels.models.map(({ id }) => id)
const modelHealth = createModelHealthTracker(modelIds, Date.now)
const listModelReports = () => modelHealth.listReports(models.listBreakers())

const context = {
  replies: { ...stores.replies, recordCall: createCallRecorder(stores.replies, counters, modelHealth) },
  sources: stores.sources,
  models,
  bus: redisAdapters.bus,
  replyStreams: redisAdapters.replyStreams,
  cancelSignals: createCancelSignals(redisAdapters.cancels),
  queue,
  promptSettings: toPromptSettings(config),
  historyLimit: config.prompts.historyMessages,
  replyDeadlineMs: config.llm.replyDeadlineMs,
  arePromptsKept: config.prompts.arePromptsKept,
  clock: systemClock,
  log,
  recordDuration: createDurationRecorder(metrics),
  countPostponed: counters.countPostponed,
}
const trackInFlight = createInFlightTracker(metrics)
const answerJob = tracing
  ? traceReplies(tracing.tracer, context)
  : (job: ReplyJob, signal: AbortSignal) => answerReply(context, job, signal)
const worker = startReplyWorker({
  ...redis,
  ownership,
  concurrency: config.worker.concurrency,
  name: `${hostname().replaceAll(/[^\w.-]/g, '-')}-${process.pid}`,
  handle: (job, signal) => trackInFlight(answerJob(job, signal)),
})
const { archiveFolder } = config.retention
const chores = startChores({
  stores,
  config,
  log,
  archive: archiveFolder === undefined ? undefined : openMonthArchive(archiveFolder, installation.installation_id),
  countEndedSession,
  requeueDueReplies: async () => counters.countSweep(await requeueDueReplies(context)),
  reportModelHealth: () => stores.modelHealth.report(workerId, listModelReports()),
})
const getRedisStatus = () =>
  worker.status() === 'ready' && queue.status() === 'ready' ? redisAdapters.status() : 'down'
measureRedis(metrics.registry, getRedisStatus)
const probeMysql = createWriteProbe(mysql, log)
measureMysql(metrics.registry, probeMysql)
const healthServer = await serveHealthAndMetrics({
  port: config.worker.port,
  host: config.worker.host,
  registry: metrics.registry,
  probeMysql,
  getRedisStatus,
  // A report is live if its worker still runs. These reports come from this worker, so each of them is live.
  getAiHealth: () =>
    toAiHealth([...toHealthByModel(listModelReports().map((report) => ({ ...report, is_live: true }))).values()]),
})
log.info('EngineerChat.worker_started', { concurrency: config.worker.concurrency, port: config.worker.port })

const shutdownGraceMs = config.process.shutdownGraceMs ?? getLongestCallMs(configuredModels)
shutDownOnSignals(
  [
    async () => healthServer.startClosing(),
    () => Promise.all([chores.stop(), worker.close(shutdownGraceMs)]),
    () => inspector.close(),
    () => queue.close(),
    () => tracing?.close(),
    () => redisAdapters.close(),
    () => healthServer.close(),
    () => mysql.close(),
  ],
  {
    deadlineMs: shutdownGraceMs + CLOSE_TIMEOUT_MS + (tracingSettings?.timeoutMs ?? 0),
    onClosing: (signal) => log.info('EngineerChat.worker_closing', { signal }),
    onClosed: (signal) => log.info('EngineerChat.worker_closed', { signal }),
    onFailure: (cause) => log.error('EngineerChat.close_failed', {}, cause),
  },
)
