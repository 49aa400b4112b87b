import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type RedisSet,
  type Server,
  startRedis,
  startRedisCluster,
  startRedisSentinel,
} from '@engineer-chat/local-stack'

export const REDIS_FORMS = ['single', 'sentinel', 'cluster'] as const
export type RedisForm = (typeof REDIS_FORMS)[number]

/** The servers that each form is made of. */
export const REDIS_SERVERS: Record<RedisForm, string[]> = {
  single: ['redis'],
  sentinel: ['redis-1', 'redis-2', 'sentinel-1', 'sentinel-2', 'sentinel-3'],
  cluster: ['redis-1', 'redis-2', 'redis-3', 'redis-4', 'redis-5', 'redis-6'],
}

/** The Redis that a run breaks, whatever it is made of. */
export interface ChaosRedis {
  form: RedisForm
  url: string
  /** Of all its servers, in the order of their names. */
  ports: number[]
  /** Those that take writes now. */
  primaries(): Promise<Server[]>
  /** Of a cluster: moves what the nth primary has in use to the next. */
  moveSlots(nth: number): Promise<number>
  /** Every server is in its place, and where there are replicas, each could take over. @throws when that takes too long */
  healed(): Promise<void>
  stop(): Promise<void>
}

const HEALED_WITHIN_MS = 60_000

export async function openRedis(form: RedisForm): Promise<ChaosRedis> {
  if (form === 'single') return openSingle()
  const set = form === 'sentinel' ? await startRedisSentinel() : await startRedisCluster()
  const { url, primaries, moveSlots, stop } = set
  const ports = [...set.nodes, ...set.sentinels].map(getPort)
  return {
    form,
    url,
    ports,
    primaries,
    moveSlots,
    stop,
    healed: () => waitUntilComplete(set, form === 'sentinel' ? 1 : 3),
  }
}

/** It keeps its data, as a Redis of one's own would. */
async function openSingle(): Promise<ChaosRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'engineer-chat-chaos-redis-'))
  const server = await startRedis({ dataDir: dir })
  return {
    form: 'single',
    url: server.url,
    ports: [getPort(server)],
    primaries: async () => [server],
    moveSlots: async () => 0,
    healed: async () => {},
    async stop() {
      await server.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function waitUntilComplete(set: RedisSet, primaries: number): Promise<void> {
  const began = performance.now()
  for (;;) {
    const [now, replicas] = [(await set.primaries()).length, await set.replicas()]
    if (now === primaries && replicas === set.nodes.length - primaries) return
    if (performance.now() - began > HEALED_WITHIN_MS) {
      throw new Error(`Redis has not become whole: ${now} primaries, ${replicas} replicas`)
    }
    await sleep(200)
  }
}

export const getPort = ({ url }: { url: string }): number => Number(new URL(url).port)
