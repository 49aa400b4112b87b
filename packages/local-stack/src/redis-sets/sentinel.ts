import type { Server } from '../servers/server.ts'
import type { Certificate } from './certificate.ts'
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

const MASTER_NAME = 'mymaster'
const QUORUM = 2
/** The default of Sentinel, 30 s, is too long for a test. */
const DOWN_AFTER_MS = 1_000
/** The default of Sentinel, 3 min, is too long for a test. */
const FAILOVER_TIMEOUT_MS = 3_000

/** Starts a primary, a replica and three Sentinels. The replica takes over when the primary is silent for a second. */
export async function startRedisSentinel(tls?: Certificate): Promise<RedisSet> {
  const names = ['redis-1', 'redis-2', 'sentinel-1', 'sentinel-2', 'sentinel-3']
  const { program, password, members } = await prepareMembers(names, tls)
  const dataMembers = members.slice(0, 2)
  const sentinelMembers = members.slice(2)
  const [primary] = dataMembers
  if (primary === undefined) throw new Error('A set has a member for each name.')
  const servers = await startAll([
    ...dataMembers.map((member) => startMember(program, member, createDataConfiguration(member, primary))),
    ...sentinelMembers.map((member) => startMember(program, member, createSentinelConfiguration(primary), true)),
  ])
  const [nodes, sentinels] = [servers.slice(0, 2), servers.slice(2)]
  const stop = () => stopAll(servers)
  try {
    await Promise.all(
      sentinelMembers.map((member) => waitForAnswer(member, `SENTINEL MASTER ${MASTER_NAME}`, KNOWS_ALL)),
    )
  } catch (error) {
    await stop()
    throw error
  }
  const hosts = sentinelMembers.map(({ port }) => `127.0.0.1:${port}`).join(',')
  return {
    url: `${tls ? 'rediss' : 'redis'}+sentinel://:${password}@${hosts}/${MASTER_NAME}?sentinel_password=${password}`,
    nodes,
    sentinels,
    listPrimaries: () => findElectedNodes(dataMembers, sentinelMembers, nodes),
    moveHashSlots: async () => 0,
    countReplicas: () => countReplicas(dataMembers),
    isSteady: () => isSteady(dataMembers, sentinelMembers),
    folders: members.map(({ folder }) => folder),
    stop,
  }
}

/** Matches the answer of a Sentinel that knows the replica and the two other Sentinels. */
const KNOWS_ALL = /num-slaves\r\n\$1\r\n1\r\n[\s\S]*num-other-sentinels\r\n\$1\r\n2\r\n/

async function findElectedNodes(dataMembers: Member[], sentinelMembers: Member[], nodes: Server[]): Promise<Server[]> {
  const answers = await Promise.all(
    sentinelMembers.map((member) => sendCommand(member, `SENTINEL GET-MASTER-ADDR-BY-NAME ${MASTER_NAME}`)),
  )
  const ports = answers.map((answer) => Number(/(\d+)\r\n$/.exec(answer)?.[1]))
  return nodes.filter((_, index) => ports.filter((port) => port === dataMembers[index]?.port).length >= QUORUM)
}

/** Matches if a Sentinel sees no problem: the only flag is `master`, without `s_down` or `failover_in_progress`. */
const PRIMARY_IS_UP = /\r\nflags\r\n\$6\r\nmaster\r\n/

async function isSteady(dataMembers: Member[], sentinelMembers: Member[]): Promise<boolean> {
  const answers = await Promise.all(
    sentinelMembers.map((member) => sendCommand(member, `SENTINEL MASTER ${MASTER_NAME}`)),
  )
  const primaryPorts = new Set(answers.map((answer) => /\r\nport\r\n\$\d+\r\n(\d+)\r\n/.exec(answer)?.[1]))
  const isElected = primaryPorts.size === 1 && answers.every((answer) => PRIMARY_IS_UP.test(answer))
  return isElected && (await countReplicas(dataMembers)) === dataMembers.length - 1
}

const createDataConfiguration = (member: Member, primary: Member) =>
  [
    DATA_SERVER_SETTINGS,
    `masterauth ${member.password}`,
    ...(member === primary ? [] : [`replicaof 127.0.0.1 ${primary.port}`]),
  ].join('\n')

const createSentinelConfiguration = ({ port, password }: Member) =>
  [
    `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${port} ${QUORUM}`,
    `sentinel auth-pass ${MASTER_NAME} ${password}`,
    `sentinel sentinel-pass ${password}`,
    `sentinel down-after-milliseconds ${MASTER_NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${MASTER_NAME} ${FAILOVER_TIMEOUT_MS}`,
  ].join('\n')
