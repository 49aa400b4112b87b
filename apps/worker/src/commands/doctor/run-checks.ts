import { toDatabaseTls, toRedisAddress, type WorkerConfig } from '@engineer-chat/adapters/environment'
import { readConfiguredModels } from '@engineer-chat/adapters/llm'
import {
  countRedEvents,
  findInstallation,
  openMysql,
  readMonthlyTables,
  readMysqlInfo,
} from '@engineer-chat/adapters/mysql'
import { createRedisConnector, readInstallationId, readRedisInfo } from '@engineer-chat/adapters/redis'
import { describeTlsFailure } from '@engineer-chat/process/tls-failure'
import { checkConfiguration, checkModels } from './check-models.ts'
import { checkMysql } from './check-mysql.ts'
import { checkPartitions } from './check-partitions.ts'
import { checkInstallation, checkRedis } from './check-redis.ts'
import { checkTlp } from './check-tlp.ts'
import { type Finding, fail } from './finding.ts'
import { findPoolSizes, type PoolSizes, type ProcessOptions } from './pool-sizes.ts'

/** Checks everything that a process with this configuration needs. */
export async function runChecks(
  config: WorkerConfig,
  env: NodeJS.ProcessEnv,
  options: ProcessOptions,
): Promise<Finding[]> {
  const findings = await Promise.all([
    checkConfiguration(config, env),
    checkMysqlServer(config, findPoolSizes(config.database, options)),
    checkRedisServers(config),
    compareInstallations(config),
    checkModels(config, env),
    checkRedEvents(config),
  ])
  return findings.flat()
}

async function checkMysqlServer(config: WorkerConfig, pools: PoolSizes): Promise<Finding[]> {
  const server = openMysql(config.database.url, { connectionLimit: 1, tls: toDatabaseTls(config) })
  try {
    const findings = checkMysql(await readMysqlInfo(server), pools, Date.now())
    return [...findings, ...checkPartitions(await readMonthlyTables(server))]
  } catch (error) {
    const fix = 'Start it, and check host, port, user, password and database in DATABASE_URL.'
    return [describeFailure('MySQL', error, fix, 'DATABASE_CA_FILE')]
  } finally {
    await server.close()
  }
}

async function checkRedisServers(config: WorkerConfig): Promise<Finding[]> {
  try {
    const connector = createRedisConnector(toRedisAddress(config))
    return checkRedis(connector.topology, await readRedisInfo(connector), Date.now())
  } catch (error) {
    const fix = `Start it, and check host, port and password in REDIS_URL.${toRedisAddress(config).tls ? CHECK_TLS_FIX : ''}`
    return [describeFailure('Redis', error, fix, 'REDIS_CA_FILE')]
  }
}

/** Returns no finding if a server does not answer, because the check of that server reports the failure. */
async function compareInstallations(config: WorkerConfig): Promise<Finding[]> {
  const { database, redis } = config
  const mysql = openMysql(database.url, { connectionLimit: 1, tls: toDatabaseTls(config) })
  try {
    const connector = createRedisConnector(toRedisAddress(config))
    const [installation, redisId] = await Promise.all([
      findInstallation(mysql),
      readInstallationId(connector, redis.namespace),
    ])
    return checkInstallation(installation?.installation_id, redisId, redis.namespace)
  } catch {
    return []
  } finally {
    await mysql.close()
  }
}

/**
 * Checks which models may read events with the label TLP:RED. Returns no finding for a wrong models file, because
 * another check reports it. Without an answer of MySQL, the number of these events is not known.
 */
async function checkRedEvents(config: WorkerConfig): Promise<Finding[]> {
  const configuredModels = await readConfiguredModels(config.llm).catch(() => undefined)
  if (!configuredModels) return []
  const mysql = openMysql(config.database.url, { connectionLimit: 1, tls: toDatabaseTls(config) })
  try {
    return [checkTlp(configuredModels, await countRedEvents(mysql).catch(() => undefined))]
  } finally {
    await mysql.close()
  }
}

/** Names the variable `caFileVariable` in the fix if this process does not accept the server's certificate. */
function describeFailure(checkName: string, error: unknown, fix: string, caFileVariable: string): Finding {
  const tlsFailure = describeTlsFailure(error)
  if (tlsFailure === undefined) return fail(checkName, getErrorCode(error), fix)
  const message = `${getErrorCode(error)}: the server is refused: ${tlsFailure}`
  return fail(checkName, message, `Give the server a certificate for its host, of an authority in ${caFileVariable}.`)
}

/**
 * Asks for a check of TLS, because a Redis without TLS may read a TLS handshake as the beginning of a command. It then
 * waits for the command's end and does not answer.
 */
const CHECK_TLS_FIX = ' With TLS, check that the server speaks it at this port.'

/** Returns the error's code, because a driver's message may contain parts of the address. */
const getErrorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'does not answer'
