import { findProgram } from './processes/find-program.ts'

/** Returns the servers that `npm test` starts for the whole run. Each test creates its own database and key prefix. */
export function getTestServers(): { databaseUrl: string; redisUrl: string } {
  return { databaseUrl: readTestVariable('TEST_DATABASE_URL'), redisUrl: readTestVariable('TEST_REDIS_URL') }
}

function readTestVariable(name: string): string {
  const value = process.env[name]
  if (!value)
    throw new Error(`${name} isn't set: run this with \`npm test -- path/to/file.test.ts\`, which starts the servers.`)
  return value
}

export { findAmtool, findCaddy, findNginx, findPromtool } from './checks/deploy-programs.ts'
export { findKubectl } from './checks/kubectl.ts'

/**
 * Finds MariaDB, which `startMysql` prefers. The tests of replication need it, because the options and statements of
 * MySQL differ.
 */
export const findMariadb = (): string | undefined => findProgram('mariadbd')
