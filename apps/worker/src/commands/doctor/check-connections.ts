import type { MysqlServerInfo } from '@engineer-chat/adapters/mysql'
import { type Finding, fail, pass } from './finding.ts'
import type { PoolSizes } from './pool-sizes.ts'

/** Commands such as a backup, and administrators, need connections in addition to the pools. */
const RESERVED_CONNECTIONS = 10

/** Compares the connections that all processes may open with those that the server and the account allow. */
export function checkConnections(
  { settings }: MysqlServerInfo,
  { apiSizes, workerSizes, listedBy }: PoolSizes,
): Finding {
  const checkName = 'MySQL connections'
  const serverLimit = Number(settings.max_connections)
  // 0 means that there is no limit.
  const accountLimit = Number(settings.max_user_connections) || Number.POSITIVE_INFINITY
  const pools = [...apiSizes, ...workerSizes]
  const poolTotal = pools.reduce((sum, size) => sum + size, 0)
  const needed = poolTotal + RESERVED_CONNECTIONS
  const usage = `${countNoun(apiSizes.length, 'API node')} and ${countNoun(workerSizes.length, 'worker')} may open ${poolTotal}`
  const limits = [
    {
      variable: 'max_connections',
      limit: serverLimit,
      change: `SET GLOBAL max_connections = ${needed}, and the same in my.cnf`,
    },
    {
      variable: 'max_user_connections',
      limit: accountLimit,
      change: `Give the account ${needed} (ALTER USER … WITH MAX_USER_CONNECTIONS ${needed}, or the variable max_user_connections)`,
    },
  ]
  const exceeded = limits.filter(({ limit }) => limit < needed)
  if (exceeded.length === 0) {
    const hint = listedBy === 'assumed' ? '; set other counts with --api=N and --workers=N' : ''
    return pass(checkName, `${Math.min(serverLimit, accountLimit)}: ${usage}${hint}`)
  }
  const lowestLimit = Math.min(...exceeded.map(({ limit }) => limit))
  const possiblePoolSize = Math.floor((lowestLimit - RESERVED_CONNECTIONS) / pools.length)
  const otherFix = possiblePoolSize >= 1 ? `, or lower DATABASE_POOL_SIZE to ${possiblePoolSize}` : ''
  const lowLimits = exceeded.map(({ variable, limit }) => `${variable} is ${limit}`).join(', ')
  const fix = `${exceeded.map(({ change }) => change).join('; ')}${otherFix}.`
  return fail(checkName, `${lowLimits}: ${usage}, and ${RESERVED_CONNECTIONS} are for commands`, fix)
}

const countNoun = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
