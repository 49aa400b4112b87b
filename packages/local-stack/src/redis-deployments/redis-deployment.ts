import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '../processes/find-free-port.ts'
import { findProgram } from '../processes/find-program.ts'
import { runLocalServer } from '../servers/local-server.ts'
import { findOrInstallServer } from '../servers/provide-server.ts'
import type { Server } from '../servers/server.ts'
import type { Certificate } from './certificate.ts'
import { type RedisEndpoint, sendCommand } from './send-command.ts'

/** Holds Redis servers with replicas: if a primary fails, a replica takes over. */
export interface RedisDeployment {
  /** Gives a value for `REDIS_URL`. */
  url: string
  /** Lists the servers that hold data: first those that were started as primaries, then their replicas. */
  nodes: Server[]
  sentinels: Server[]
  /** Returns the nodes that are primaries now, in the order of `nodes`. */
  listPrimaries(): Promise<Server[]>
  /** Counts the replicas that are up and can take over from a primary. */
  countReplicas(): Promise<number>
  /** Returns true if every server is up and no takeover is in progress or about to begin. */
  isSteady(): Promise<boolean>
  /**
   * Moves the used hash slots of a primary of a cluster to the next primary, and returns how many it moved. The number
   * of the first primary is 0. After the last primary, the numbers begin again at the first one.
   */
  moveHashSlots(primaryNumber: number): Promise<number>
  /** These folders of the servers are removed by `stop`, or when this process ends. */
  folders: string[]
  stop(): Promise<void>
}

/** Describes one server of a deployment: a data server or a Sentinel. It is not started yet. */
export interface RedisInstance extends RedisEndpoint {
  name: string
  /** The server works in this folder and may rewrite the redis.conf in it. */
  folder: string
}

/** Prepares the instances of a deployment. They run as programs of this machine, never in Docker. */
export async function prepareInstances(names: string[], tls?: Certificate) {
  const source = await findOrInstallServer(() => findProgram('redis-server', 'valkey-server'))
  if (source.type === 'docker') throw new Error('redis-server or valkey-server is needed on this machine itself.')
  const password = randomBytes(18).toString('hex')
  const instances: RedisInstance[] = []
  for (const name of names) {
    const folder = mkdtempSync(join(tmpdir(), `engineer-chat-${name}-`))
    instances.push({ name, folder, password, tls, port: await findFreePort() })
  }
  return { program: source.program, password, instances }
}

/** Starts an instance. The server may rewrite its configuration, which a restart then uses. */
export function startInstance(program: string, instance: RedisInstance, configuration: string, isSentinel = false) {
  const { name, folder, password, port, tls } = instance
  const config = join(folder, 'redis.conf')
  const listening = tls ? `port 0\n${createTlsConfiguration(port, tls)}` : `port ${port}`
  writeFileSync(config, `bind 127.0.0.1\n${listening}\nrequirepass ${password}\ndir ${folder}\n${configuration}\n`)
  return runLocalServer({
    name: 'redis',
    url: `${tls ? 'rediss' : 'redis'}://:${password}@127.0.0.1:${port}`,
    program,
    args: isSentinel ? [config, '--sentinel'] : [config],
    logFile: join(folder, `${name}.log`),
    // A server that is ready answers with an array; an error begins with `-`.
    isReady: async () => (await sendCommand(instance, 'ROLE')).startsWith('*'),
    throwawayFolder: folder,
  })
}

/** Connections between the servers use TLS, too. */
const createTlsConfiguration = (port: number, { certFile, keyFile, caFile }: Certificate) =>
  [
    `tls-port ${port}`,
    `tls-cert-file ${certFile}`,
    `tls-key-file ${keyFile}`,
    `tls-ca-cert-file ${caFile}`,
    'tls-auth-clients no',
    'tls-replication yes',
  ].join('\n')

export async function countReplicas(instances: RedisInstance[]): Promise<number> {
  const states = await Promise.all(instances.map((instance) => sendCommand(instance, 'INFO replication')))
  return states.filter((state) => state.includes('master_link_status:up')).length
}

/** Returns the servers when all have started. If one fails, it stops the others and throws. */
export async function startAll(startingServers: Array<Promise<Server>>): Promise<Server[]> {
  const results = await Promise.allSettled(startingServers)
  const servers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failure = results.find((result) => result.status === 'rejected')
  if (!failure) return servers
  await stopAll(servers)
  throw failure.reason
}

export async function stopAll(servers: Server[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()))
}

/** Every server that holds data gets these settings: no persistence, no eviction, and a replication without delay. */
export const DATA_SERVER_SETTINGS = `save ""\nappendonly no\nmaxmemory-policy noeviction\nrepl-diskless-sync-delay 0`
