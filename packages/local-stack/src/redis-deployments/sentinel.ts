import type { Server } from '../servers/server.ts'
import type { Certificate } from './certificate.ts'
import {
  countReplicas,
  DATA_SERVER_SETTINGS,
  prepareInstances,
  type RedisDeployment,
  type RedisInstance,
  startAll,
  startInstance,
  stopAll,
} from './redis-deployment.ts'
import { sendCommand, waitForAnswer } from './send-command.ts'

const MASTER_NAME = 'mymaster'
const QUORUM = 2
/** The default of Sentinel, 30 s, is too long for a test. */
const DOWN_AFTER_MS = 1_000
/** The default of Sentinel, 3 min, is too long for a test. */
const FAILOVER_TIMEOUT_MS = 3_000

/** Starts a primary, a replica and three Sentinels. The replica takes over when the primary is silent for a second. */
export async function startRedisSentinel(tls?: Certificate): Promise<RedisDeployment> {
  const names = ['redis-1', 'redis-2', 'sentinel-1', 'sentinel-2', 'sentinel-3']
  const { program, password, instances } = await prepareInstances(names, tls)
  const dataInstances = instances.slice(0, 2)
  const sentinelInstances = instances.slice(2)
  const [primary] = dataInstances
  if (primary === undefined) throw new Error('No instance was prepared.')
  const servers = await startAll([
    ...dataInstances.map((instance) => startInstance(program, instance, createDataConfiguration(instance, primary))),
    ...sentinelInstances.map((instance) =>
      startInstance(program, instance, createSentinelConfiguration(primary), true),
    ),
  ])
  const [nodes, sentinels] = [servers.slice(0, 2), servers.slice(2)]
  const stop = () => stopAll(servers)
  try {
    await Promise.all(
      sentinelInstances.map((instance) => waitForAnswer(instance, `SENTINEL MASTER ${MASTER_NAME}`, KNOWS_ALL)),
    )
  } catch (error) {
    await stop()
    throw error
  }
  const hosts = sentinelInstances.map(({ port }) => `127.0.0.1:${port}`).join(',')
  return {
    url: `${tls ? 'rediss' : 'redis'}+sentinel://:${password}@${hosts}/${MASTER_NAME}?sentinel_password=${password}`,
    nodes,
    sentinels,
    listPrimaries: () => findElectedNodes(dataInstances, sentinelInstances, nodes),
    moveHashSlots: async () => 0,
    countReplicas: () => countReplicas(dataInstances),
    isSteady: () => isSteady(dataInstances, sentinelInstances),
    folders: instances.map(({ folder }) => folder),
    stop,
  }
}

/** Matches the answer of a Sentinel that knows the replica and the two other Sentinels. */
const KNOWS_ALL = /num-slaves\r\n\$1\r\n1\r\n[\s\S]*num-other-sentinels\r\n\$1\r\n2\r\n/

async function findElectedNodes(
  dataInstances: RedisInstance[],
  sentinelInstances: RedisInstance[],
  nodes: Server[],
): Promise<Server[]> {
  const answers = await Promise.all(
    sentinelInstances.map((instance) => sendCommand(instance, `SENTINEL GET-MASTER-ADDR-BY-NAME ${MASTER_NAME}`)),
  )
  const ports = answers.map((answer) => Number(/(\d+)\r\n$/.exec(answer)?.[1]))
  return nodes.filter((_, index) => ports.filter((port) => port === dataInstances[index]?.port).length >= QUORUM)
}

/** Matches if a Sentinel sees no problem: the only flag is `master`, without `s_down` or `failover_in_progress`. */
const PRIMARY_IS_UP = /\r\nflags\r\n\$6\r\nmaster\r\n/

async function isSteady(dataInstances: RedisInstance[], sentinelInstances: RedisInstance[]): Promise<boolean> {
  const answers = await Promise.all(
    sentinelInstances.map((instance) => sendCommand(instance, `SENTINEL MASTER ${MASTER_NAME}`)),
  )
  const primaryPorts = new Set(answers.map((answer) => /\r\nport\r\n\$\d+\r\n(\d+)\r\n/.exec(answer)?.[1]))
  const isElected = primaryPorts.size === 1 && answers.every((answer) => PRIMARY_IS_UP.test(answer))
  return isElected && (await countReplicas(dataInstances)) === dataInstances.length - 1
}

const createDataConfiguration = (instance: RedisInstance, primary: RedisInstance) =>
  [
    DATA_SERVER_SETTINGS,
    `masterauth ${instance.password}`,
    ...(instance === primary ? [] : [`replicaof 127.0.0.1 ${primary.port}`]),
  ].join('\n')

const createSentinelConfiguration = ({ port, password }: RedisInstance) =>
  [
    `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${port} ${QUORUM}`,
    `sentinel auth-pass ${MASTER_NAME} ${password}`,
    `sentinel sentinel-pass ${password}`,
    `sentinel down-after-milliseconds ${MASTER_NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${MASTER_NAME} ${FAILOVER_TIMEOUT_MS}`,
  ].join('\n')
