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
  type Member,
  prepareMembers,
  type RedisSet,
  startAll,
  startMember,
  stopAll,
} from './redis-set.ts'
import { sendCommand, waitForAnswer } from './send-command.ts'

const PRIMARIES = 3
const HASH_SLOTS = 16_384
/** The default of Redis, 15 s, is too long for a test. */
const NODE_TIMEOUT_MS = 1_000

interface ClusterMember extends Member {
  id: string
  busPort: number
}

/** Starts three primaries with a replica each. A replica takes over when its primary is silent for a second. */
export async function startRedisCluster(tls?: Certificate): Promise<RedisSet> {
  const names = Array.from({ length: 2 * PRIMARIES }, (_, index) => `redis-${index + 1}`)
  const { program, password, members: preparedMembers } = await prepareMembers(names, tls)
  const members: ClusterMember[] = []
  for (const member of preparedMembers) {
    members.push({ ...member, id: randomBytes(20).toString('hex'), busPort: await findFreePort() })
  }
  // Each member starts with the addresses of the others, so that no handshake is needed.
  for (const member of members) writeFileSync(join(member.folder, 'nodes.conf'), createNodesFile(members, member))
  const nodes = await startAll(members.map((member) => startMember(program, member, createConfiguration(member))))
  const stop = () => stopAll(nodes)
  try {
    await Promise.all(members.map((member) => waitForAnswer(member, 'CLUSTER INFO', /cluster_state:ok/)))
    await Promise.all(members.slice(PRIMARIES).map((member) => waitForAnswer(member, 'ROLE', /connected/)))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: `${tls ? 'rediss' : 'redis'}+cluster://:${password}@${members.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    nodes,
    sentinels: [],
    listPrimaries: () => findPrimaries(members, nodes),
    moveHashSlots: (nth) => moveHashSlotsFrom(members, nth),
    countReplicas: () => countReplicas(members),
    isSteady: () => isSteady(members),
    folders: members.map(({ folder }) => folder),
    stop,
  }
}

async function findPrimaries(members: ClusterMember[], nodes: Server[]): Promise<Server[]> {
  const owners = await listSlotOwners(members)
  return nodes.filter((_, index) => owners.some((owner) => owner === members[index]))
}

async function moveHashSlotsFrom(members: ClusterMember[], nth: number): Promise<number> {
  const owners = await listSlotOwners(members)
  const [source, target] = [owners[nth % owners.length], owners[(nth + 1) % owners.length]]
  if (!source || !target) throw new Error('The cluster has no primaries.')
  return moveUsedHashSlots(source, target, owners)
}

async function isSteady(members: ClusterMember[]): Promise<boolean> {
  const answers = await Promise.all(members.map((member) => sendCommand(member, 'CLUSTER NODES')))
  // Each line has the flags of one node: `fail?` if the answering member can't reach it, and `fail` if most can't.
  const areAllUp = answers.every((answer) => answer !== '' && !/ \S*(fail|handshake|noaddr)\S* /.test(answer))
  return areAllUp && (await countReplicas(members)) === members.length - PRIMARIES
}

/**
 * Lists the members that own hash slots. In the answer to `CLUSTER NODES`, the line of the answering member has the
 * flag `myself`, and the line of a member with slots ends, for example, with `connected 0-5460`.
 */
async function listSlotOwners(members: ClusterMember[]): Promise<ClusterMember[]> {
  const ownsSlots = await Promise.all(
    members.map(async (member) => / myself,master .* connected \d/.test(await sendCommand(member, 'CLUSTER NODES'))),
  )
  return members.filter((_, index) => ownsSlots[index])
}

const createConfiguration = ({ password, busPort, tls }: ClusterMember) =>
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
 * Renders the nodes.conf of one member. A line has the id, the address, the flags and the primary of a node, the times
 * of the last ping and pong, the epoch, the state of the connection, and the hash slots.
 */
function createNodesFile(members: ClusterMember[], owner: ClusterMember): string {
  const lines = members.map((member, index) => {
    const { id, port, busPort } = member
    const shard = index % PRIMARIES
    const flags = `${member === owner ? 'myself,' : ''}${index < PRIMARIES ? 'master' : 'slave'}`
    const primaryId = index < PRIMARIES ? '-' : members[shard]?.id
    const slots = index < PRIMARIES ? ` ${formatSlotRange(shard)}` : ''
    return `${id} 127.0.0.1:${port}@${busPort} ${flags} ${primaryId} 0 0 ${shard + 1} connected${slots}\n`
  })
  return `${lines.join('')}vars currentEpoch ${PRIMARIES} lastVoteEpoch 0\n`
}

function formatSlotRange(shard: number): string {
  const firstSlot = Math.ceil((shard * HASH_SLOTS) / PRIMARIES)
  return `${firstSlot}-${Math.ceil(((shard + 1) * HASH_SLOTS) / PRIMARIES) - 1}`
}
