import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { replyBoard, replyQueue } from '@engineer-chat/adapters/bullmq'
import {
  EnvironmentError,
  readConfig,
  redisAddress,
  toBudgetLimits,
  warnOfUnknownVariables,
} from '@engineer-chat/adapters/environment'
import { apiKeyVariables, describeModels, ModelsFileError } from '@engineer-chat/adapters/llm'
import { createLog } from '@engineer-chat/adapters/log'
import { createMetrics, measureClock, measurePool, measureRedis } from '@engineer-chat/adapters/metrics'
import { connect, MysqlUnreachable, migrate, mysqlClock, mysqlStores } from '@engineer-chat/adapters/mysql'
import { redisHints, redisServers } from '@engineer-chat/adapters/redis'
import { argon2Passwords } from '@engineer-chat/chat'
import { buildApp } from './app.ts'
import { closeOnSignals } from './close-on-signals.ts'
import { pingMysql } from './operations/mysql-health.ts'

const config = configOrExit()
const models = await describeModels(config.llm).catch(exit)
const log = createLog({ level: config.process.logLevel, service: 'api' })
warnOfUnknownVariables(process.env, apiKeyVariables(models), log)
const redis = { servers: redisServers(redisAddress(config.redis.url)), namespace: config.redis.namespace, log }

const mysql = connect(config.database.url, { connectionLimit: config.database.poolSize })
await migrate(mysql).catch(exit)
const nodeId = randomUUID()
const hints = redisHints({ ...redis, nodeId, factsTtl: config.redis.factsCacheSeconds })
const queue = replyQueue(redis)
const board = replyBoard(redis)

// With its HTTP client, which nothing else of a node needs.
const { openAiVoice } = config.voice.baseUrl
  ? await import('@engineer-chat/adapters/voice')
  : { openAiVoice: undefined }

const metrics = createMetrics('api')
measurePool(metrics.registry, mysql.use)
measureRedis(metrics.registry, hints.status)
const clock = mysqlClock(mysql)
measureClock(metrics.registry, clock.offset_ms)

const app = buildApp({
  config,
  nodeId,
  stores: mysqlStores(mysql, { budgets: toBudgetLimits(config), facts: hints.facts }),
  passwords: argon2Passwords(),
  bus: hints.bus,
  queue,
  feed: hints.feed,
  counts: hints.counts,
  health: { mysql: () => pingMysql(mysql), redis: hints.status },
  now: clock.now,
  board: board.queue,
  page: join(import.meta.dirname, '../../warroom/dist'),
  models,
  voice: openAiVoice?.(config.voice) ?? {},
  log,
  metrics,
})
closeOnSignals(log, config.process.shutdownGraceMs + config.http.shutdownDrainMs, [
  () => app.close(),
  () => board.close(),
  () => queue.close(),
  () => hints.close(),
  async () => clock.close(),
  () => mysql.close(),
])
await app.listen({ host: config.http.host, port: config.http.port })
log.info('EngineerChat.api_started', { host: config.http.host, port: portOf(app.server.address()) })

function portOf(address: ReturnType<typeof app.server.address>): number {
  return address !== null && typeof address === 'object' ? address.port : config.http.port
}

function configOrExit() {
  try {
    return readConfig(process.env)
  } catch (error) {
    return exit(error)
  }
}

/** What is the operator's to correct is told in their words, without a stack. */
function exit(error: unknown): never {
  if (error instanceof MysqlUnreachable) {
    console.error(error.message)
    process.exit(1) // it may be back in a moment
  }
  if (!(error instanceof EnvironmentError || error instanceof ModelsFileError)) throw error
  console.error(error.message)
  process.exit(78) // EX_CONFIG: whoever started it need not try again
}
