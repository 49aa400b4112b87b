import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type RedisDeployment,
  type Server,
  startRedis,
  startRedisCluster,
  startRedisSentinel,
} from '@engineer-chat/local-stack'

export const REDIS_TOPOLOGIES = ['single', 'sentinel', 'cluster'] as const
export type RedisTopology = (typeof REDIS_TOPOLOGIES)[number]

/** Names the servers of each topology. */
export const REDIS_SERVERS: Record<RedisTopology, string[]> = {
  single: ['redis'],
  sentinel: ['redis-1', 'redis-2', 'sentinel-1', 'sentinel-2', 'sentinel-3'],
  cluster: ['redis-1', 'redis-2', 'redis-3', 'redis-4', 'redis-5', 'redis-6'],
}

/** Controls the Redis that a run breaks: a single server, several servers with Sentinels, or a cluster. */
export interface ChaosRedis {
  topology: RedisTopology
  url: string
  /** Lists all servers in the order of `REDIS_SERVERS`. */
  servers: Server[]
  /** Lists the servers that are primaries now. */
  listPrimaries(): Promise<Server[]>
  /**
   * Moves the used hash slots of a cluster's nth primary to the next primary, and returns the number of moved slots. It
   * returns 0 if Redis is not a cluster.
   */
  moveHashSlots(nth: number): Promise<number>
  /**
   * Waits until Redis has its usual number of primaries and connected replicas again. A single server is not checked.
   * @throws Error after a minute
   */
  waitUntilHealthy(): Promise<void>
  stop(): Promise<void>
}

const HEALTHY_TIMEOUT_MS = 60_000

export async function openRedis(topology: RedisTopology): Promise<ChaosRedis> {
  if (topology === 'single') return openSingle()
  const deployment = topology === 'sentinel' ? await startRedisSentinel() : await startRedisCluster()
  const { url, listPrimaries, moveHashSlots, stop } = deployment
  return {
    topology,
    url,
    servers: [...deployment.nodes, ...deployment.sentinels],
    listPrimaries,
    moveHashSlots,
    stop,
    waitUntilHealthy: () => waitUntilDeploymentHealthy(deployment, topology === 'sentinel' ? 1 : 3),
  }
}

/** Opens a single server, which keeps its data when it restarts. */
async function openSingle(): Promise<ChaosRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'engineer-chat-chaos-redis-'))
  const server = await startRedis({ dataDir: folder })
  return {
    topology: 'single',
    url: server.url,
    servers: [server],
    listPrimaries: async () => [server],
    moveHashSlots: async () => 0,
    waitUntilHealthy: async () => {},
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function waitUntilDeploymentHealthy(deployment: RedisDeployment, expectedPrimaryCount: number): Promise<void> {
  const startedAtMs = performance.now()
  for (;;) {
    const primaryCount = (await deployment.listPrimaries()).length
    const replicaCount = await deployment.countReplicas()
    if (primaryCount === expectedPrimaryCount && replicaCount === deployment.nodes.length - expectedPrimaryCount) return
    if (performance.now() - startedAtMs > HEALTHY_TIMEOUT_MS) {
      throw new Error(
        `Redis still has ${primaryCount} primaries and ${replicaCount} replicas after ${HEALTHY_TIMEOUT_MS} ms`,
      )
    }
    await sleep(200)
  }
}

export const getPort = ({ url }: { url: string }): number => Number(new URL(url).port)
