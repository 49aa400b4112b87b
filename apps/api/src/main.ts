import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { openQueueInspector, openReplyQueue } from '@engineer-chat/adapters/bullmq'
import { listApiKeyVariables, ModelsFileError, readConfiguredModels } from '@engineer-chat/adapters/configured-models'
import {
  EnvironmentError,
  readConfig,
  toBudgetLimits,
  toDatabaseTls,
  toRedisAddress,
  toTracingSettings,
  warnOfUnknownVariables,
} from '@engineer-chat/adapters/environment'
import { createLog } from '@engineer-chat/adapters/log'
import {
  createMetrics,
  measureBacklog,
  measureBuild,
  measureClock,
  measureMysql,
  measurePool,
  measurePostponed,
  measureRedis,
} from '@engineer-chat/adapters/metrics'
import {
  countPostponedReplies,
  createMysqlStores,
  createWriteProbe,
  getInstallation,
  MigrationBlockedError,
  MigrationNotAllowedError,
  MysqlUnreachableError,
  migrate,
  openMysql,
  readReplyBacklog,
  startServerClock,
} from '@engineer-chat/adapters/mysql'
import { createRedisConnector, openRedisAdapters, RedisOfAnotherInstallationError } from '@engineer-chat/adapters/redis'
import { createArgon2Passwords } from '@engineer-chat/chat/people'
import { readCommandLine } from '@engineer-chat/process/commands'
import { createExitOnError } from '@engineer-chat/process/exit'
import { shutDownOnSignals } from '@engineer-chat/process/shutdown'
import { buildApp } from './app.ts'
import { ensureFirstAdmin } from './first-admin.ts'

readCommandLine('api')
const runOrExit = createExitOnError({
  configuration: [EnvironmentError, ModelsFileError, RedisOfAnotherInstallationError],
  unavailable: [MysqlUnreachableError, MigrationNotAllowedError, MigrationBlockedError],
})
const DEFAULT_SHUTDOWN_GRACE_MS = 10_000

const config = await runOrExit(() => readConfig(process.env))
const models = await runOrExit(() => readConfiguredModels(config.llm))
const log = createLog({ level: config.process.logLevel, service: 'api' })
warnOfUnknownVariables(process.env, listApiKeyVariables(models), log)
const redis = {
  connector: createRedisConnector(toRedisAddress(config)),
  namespace: config.redis.namespace,
  log,
}

const mysql = openMysql(config.database.url, {
  connectionLimit: config.database.poolSize,
  tls: toDatabaseTls(config),
})
await runOrExit(() => migrate(mysql))
const nodeId = randomUUID()
const installation = await getInstallation(mysql)
const redisAdapters = openRedisAdapters({
  ...redis,
  installation,
  nodeId,
  factsTtlSeconds: config.redis.factsCacheSeconds,
})
const stores = createMysqlStores(mysql, { budgets: toBudgetLimits(config), facts: redisAdapters.eventFactsCache })
const passwords = createArgon2Passwords()
await runOrExit(() => ensureFirstAdmin({ stores, passwords, log }, config))
await runOrExit(() => redisAdapters.ownership.throwIfForeign()) // Exits if Redis belongs to another installation.
const tracingSettings = toTracingSettings(config)
// OpenTelemetry is loaded only if traces are sent.
const tracing = tracingSettings
  ? (await import('@engineer-chat/adapters/tracing')).openTracing({
      settings: tracingSettings,
      egress: config.egress,
      service: 'api',
      instanceId: nodeId,
      log,
    })
  : undefined
const queue = openReplyQueue({ ...redis, ownership: redisAdapters.ownership, tracer: tracing?.tracer })
const inspector = openQueueInspector(redis)

// The adapter is loaded only if it is used, because it loads an HTTP client that a node does not need otherwise.
const { createOpenAiVoice } = config.voice.baseUrl
  ? await import('@engineer-chat/adapters/voice')
  : { createOpenAiVoice: undefined }

const metrics = createMetrics('api')
measureBuild(metrics.registry, { commit: config.process.buildCommit })
measurePool(metrics.registry, mysql.readPoolUsage)
// API nodes measure the backlog as workers do, because alerts need it most when no worker runs.
measureBacklog(metrics.registry, () => readReplyBacklog(mysql))
measurePostponed(metrics.registry, () => countPostponedReplies(mysql))
measureRedis(metrics.registry, redisAdapters.status)
const probeMysql = createWriteProbe(mysql, log)
measureMysql(metrics.registry, probeMysql)
const clock = startServerClock(mysql)
measureClock(metrics.registry, clock.getOffsetMs)

const app = buildApp({
  config,
  nodeId,
  stores,
  passwords,
  bus: redisAdapters.bus,
  queue,
  feed: redisAdapters.feed,
  rateCounters: redisAdapters.rateCounters,
  health: { probeMysql, getRedisStatus: redisAdapters.status },
  getMysqlTimeMs: clock.now,
  boardQueue: inspector.queue,
  pageFolder: join(import.meta.dirname, '../../warroom/dist'),
  models,
  voice: createOpenAiVoice?.(config.voice, config.egress) ?? {},
  log,
  metrics,
  tracer: tracing?.tracer,
})
shutDownOnSignals(
  [
    () => app.close(),
    () => inspector.close(),
    () => queue.close(),
    () => tracing?.close(),
    () => redisAdapters.close(),
    async () => clock.close(),
    () => mysql.close(),
  ],
  {
    deadlineMs:
      (config.process.shutdownGraceMs ?? DEFAULT_SHUTDOWN_GRACE_MS) +
      config.http.shutdownDrainMs +
      (tracingSettings?.timeoutMs ?? 0),
    onClosing: (signal) => log.info('EngineerChat.api_closing', { signal }),
    onClosed: (signal) => log.info('EngineerChat.api_closed', { signal }),
    onFailure: (cause) => log.error('EngineerChat.close_failed', {}, cause),
  },
)
await app.listen({ host: config.http.host, port: config.http.port })
log.info('EngineerChat.api_started', { host: config.http.host, port: findPort(app.server.address()) })

function findPort(address: ReturnType<typeof app.server.address>): number {
  return address !== null && typeof address === 'object' ? address.port : config.http.port
}
