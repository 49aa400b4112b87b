import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exchangeWithPort } from '../processes/exchange-with-port.ts'
import { findFreePort } from '../processes/find-free-port.ts'
import { findProgram } from '../processes/find-program.ts'
import { startInDocker } from './docker.ts'
import { type OnSpawn, runLocalServer } from './local-server.ts'
import { findOrInstallServer } from './provide-server.ts'
import type { Server } from './server.ts'
import { openServerFolder, type ServerFolder } from './server-folder.ts'

/**
 * Starts a private Redis or Valkey on 127.0.0.1. Without `dataDir`, the data is removed by `stop` or when this process
 * ends, unless the server runs in Docker.
 */
export async function startRedis(
  options: { dataDir?: string; port?: number; onSpawn?: OnSpawn } = {},
): Promise<Server> {
  const source = await findOrInstallServer(() => findProgram('redis-server', 'valkey-server'))
  const port = options.port ?? (await findFreePort())
  const isPersistent = options.dataDir !== undefined
  const folder = openServerFolder(options.dataDir ?? mkdtempSync(join(tmpdir(), 'engineer-chat-redis-')))
  if (source.type === 'docker') return startInDocker('redis', folder, port, options.onSpawn)
  const config = join(folder.path, 'redis.conf')
  writeFileSync(config, createConfiguration(folder, port, isPersistent), { mode: 0o600 })
  return runLocalServer({
    name: 'redis',
    url: `redis://:${folder.password}@127.0.0.1:${port}`,
    program: source.program,
    args: [config],
    logFile: join(folder.path, 'redis.log'),
    isReady: () => isRedisReady(port, folder.password),
    onSpawn: options.onSpawn,
    ...(isPersistent ? {} : { throwawayFolder: folder.path }),
  })
}

// The password is in a file, because every user of the machine can read arguments.
const createConfiguration = ({ path, password }: ServerFolder, port: number, isPersistent: boolean) => `
bind 127.0.0.1
port ${port}
requirepass ${password}
dir ${JSON.stringify(path)}
save ""
appendonly ${isPersistent ? 'yes' : 'no'}
appendfsync everysec
maxmemory-policy noeviction
`

async function isRedisReady(port: number, password: string): Promise<boolean> {
  const answer = await exchangeWithPort(port, `AUTH ${password}\r\nPING\r\n`)
  return answer?.toString() === '+OK\r\n+PONG\r\n'
}
