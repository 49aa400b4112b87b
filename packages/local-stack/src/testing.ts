/** `npm test` starts these servers for the whole run. Each test makes its own database and key prefix on them. */
export function testServers(): { databaseUrl: string; redisUrl: string } {
  return { databaseUrl: fromTestRun('TEST_DATABASE_URL'), redisUrl: fromTestRun('TEST_REDIS_URL') }
}

function fromTestRun(name: string): string {
  const value = process.env[name]
  if (!value)
    throw new Error(`${name} isn't set: run this with \`npm test -- path/to/file.test.ts\`, which starts the servers.`)
  return value
}

export { findCaddy, findNginx, openPromtool } from './checks/promtool.ts'
