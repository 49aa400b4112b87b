import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort } from '../processes/find-free-port.ts'
import type { Server } from '../servers/server.ts'
import type { Certificate } from './certificate.ts'
import { moveUsedHashSlots } from './move-slots.ts'
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

const PRIMARIES = 3
const HASH_SLOTS = 16_384
/** The default of Redis, 15 s, is too long for a test. */
const NODE_TIMEOUT_MS = 1_000

interface ClusterInstance extends RedisInstance {
  id: string
  busPort: number
}

/** Starts three primaries with a replica each. A replica takes over when its primary is silent for a second. */
export async function startRedisCluster(tls?: Certificate): Promise<RedisDeployment> {
  const names = Array.from({ length: 2 * PRIMARIES }, (_, index) => `redis-${index + 1}`)
  const { program, password, instances: preparedInstances } = await prepareInstances(names, tls)
  const instances: ClusterInstance[] = []
  for (const instance of preparedInstances) {
    instances.push({ ...instance, id: randomBytes(20).toString('hex'), busPort: await findFreePort() })
  }
  // Each instance starts with the addresses of the others, so that no handshake is needed.
  for (const instance of instances)
    writeFileSync(join(instance.folder, 'nodes.conf'), createNodesFile(instances, instance))
  const nodes = await startAll(
    instances.map((instance) => startInstance(program, instance, createConfiguration(instance))),
  )
  const stop = () => stopAll(nodes)
  try {
    await Promise.all(instances.map((instance) => waitForAnswer(instance, 'CLUSTER INFO', /cluster_state:ok/)))
    await Promise.all(instances.slice(PRIMARIES).map((instance) => waitForAnswer(instance, 'ROLE', /connected/)))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: `${tls ? 'rediss' : 'redis'}+cluster://:${password}@${instances.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    nodes,
    sentinels: [],
    listPrimaries: () => findPrimaries(instances, nodes),
    moveHashSlots: (primaryNumber) => moveHashSlotsFrom(instances, primaryNumber),
    countReplicas: () => countReplicas(instances),
    isSteady: () => isSteady(instances),
    folders: instances.map(({ folder }) => folder),
    stop,
  }
}

async function findPrimaries(instances: ClusterInstance[], nodes: Server[]): Promise<Server[]> {
  const owners = await listSlotOwners(instances)
  return nodes.filter((_, index) => owners.some((owner) => owner === instances[index]))
}

async function moveHashSlotsFrom(instances: ClusterInstance[], primaryNumber: number): Promise<number> {
  const owners = await listSlotOwners(instances)
  const [source, target] = [owners[primaryNumber % owners.length], owners[(primaryNumber + 1) % owners.length]]
  if (!source || !target) throw new Error('The cluster has no primaries.')
  return moveUsedHashSlots(source, target, owners)
}

async function isSteady(instances: ClusterInstance[]): Promise<boolean> {
  const answers = await Promise.all(instances.map((instance) => sendCommand(instance, 'CLUSTER NODES')))
  // Each line has the flags of one node: `fail?` if the answering instance can't reach it, and `fail` if most can't.
  const areAllUp = answers.every((answer) => answer !== '' && !/ \S*(fail|handshake|noaddr)\S* /.test(answer))
  return areAllUp && (await countReplicas(instances)) === instances.length - PRIMARIES
}

/**
 * Lists the instances that own hash slots. In the answer to `CLUSTER NODES`, the line of the answering instance has the
 * flag `myself`, and the line of an instance with slots ends, for example, with `connected 0-5460`.
 */
async function listSlotOwners(instances: ClusterInstance[]): Promise<ClusterInstance[]> {
  const ownsSlots = await Promise.all(
    instances.map(async (instance) =>
      / myself,master .* connected \d/.test(await sendCommand(instance, 'CLUSTER NODES')),
    ),
  )
  return instances.filter((_, index) => ownsSlots[index])
}

const createConfiguration = ({ password, busPort, tls }: ClusterInstance) =>
  [
    DATA_SERVER_SETTINGS,
    ...(tls ? ['tls-cluster yes'] : []),
    `masterauth ${password}`,
    'cluster-enabled yes',
    `cluster-port ${busPort}`,
    'cluster-config-file nodes.conf',
    `cluster-node-timeout ${NODE_TIMEOUT_MS}`,
    'cluster-replica-validity-factor 0', // A replica takes over, however long it had no connection to its primary.
  ].join('\n')

/**
 * Renders the nodes.conf of one instance. A line has the id, the address, the flags and the primary of a node, the times
 * of the last ping and pong, the epoch, the state of the connection, and the hash slots.
 */
function createNodesFile(instances: ClusterInstance[], owner: ClusterInstance): string {
  const lines = instances.map((instance, index) => {
    const { id, port, busPort } = instance
    const shard = index % PRIMARIES
    const flags = `${instance === owner ? 'myself,' : ''}${index < PRIMARIES ? 'master' : 'slave'}`
    const primaryId = index < PRIMARIES ? '-' : instances[shard]?.id
    const slots = index < PRIMARIES ? ` ${formatSlotRange(shard)}` : ''
    return `${id} 127.0.0.1:${port}@${busPort} ${flags} ${primaryId} 0 0 ${shard + 1} connected${slots}\n`
  })
  return `${lines.join('')}vars currentEpoch ${PRIMARIES} lastVoteEpoch 0\n`
}

function formatSlotRange(shard: number): string {
  const firstSlot = Math.ceil((shard * HASH_SLOTS) / PRIMARIES)
  return `${firstSlot}-${Math.ceil(((shard + 1) * HASH_SLOTS) / PRIMARIES) - 1}`
}
