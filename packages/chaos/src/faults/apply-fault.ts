import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from '@engineer-chat/local-stack'
import { waitUntil } from '@engineer-chat/proof'
import { Redis } from 'ioredis'
import type { Cluster } from '../cluster/cluster.ts'
import type { ProcessSlot } from '../cluster/process-slot.ts'
import type { Breakable, LinkFault } from '../net/link.ts'
import type { Fault, PlannedFault, RedisOutage } from './fault.ts'

/**
 * Applies one fault and ends it after its time. The start time also picks the primary of Redis, as it is part of the
 * schedule. A deploy concerns all processes and is not applied here.
 */
export async function applyFault(
  cluster: Cluster,
  { fault, startMs, durationMs }: PlannedFault,
  note: (text: string) => void,
): Promise<void> {
  switch (fault.type) {
    case 'kill':
      return getSlot(cluster, fault.slot).kill(durationMs)
    case 'skew':
      return skewClock(getSlot(cluster, fault.slot), fault.skewMs)
    case 'freeze':
      return freeze(getSlot(cluster, fault.slot), durationMs)
    case 'link':
      return breakLink(getLink(cluster, fault.link), fault.fault, durationMs)
    case 'flushall':
      return flushServers(await cluster.product.redis.listPrimaries())
    case 'restart':
      return restart(await getServer(cluster, fault.server, startMs), durationMs)
    case 'freeze-server':
      return freezeServer(await getServer(cluster, fault.server, startMs), durationMs)
    case 'move-slots':
      return moveSlots(cluster, startMs, note)
    case 'llm':
      return breakLlm(cluster, fault.fault, durationMs)
    case 'redis-away':
      return takeRedisAway(cluster.product.redis.servers, fault.how, durationMs)
    case 'deploy':
      return
    default:
      fault satisfies never
  }
}

function getSlot({ slots }: Cluster, name: string): ProcessSlot {
  const slot = slots.find((candidate) => candidate.name === name)
  if (!slot) throw new Error(`there is no ${name}`)
  return slot
}

function getLink({ links }: Cluster, name: string): Breakable {
  const link = links.find((candidate) => candidate.name === name)
  if (!link) throw new Error(`there is no ${name}`)
  return link
}

/** Returns the server. If Redis has several primaries, it returns the nth, counted in a circle. */
async function getServer({ product }: Cluster, name: 'mysql' | 'redis', nth: number): Promise<Server> {
  if (name === 'mysql') return product.mysql
  return waitUntil('a primary of Redis', async () => {
    const primaries = await product.redis.listPrimaries()
    return primaries[nth % primaries.length]
  })
}

async function skewClock(slot: ProcessSlot, skewMs: number): Promise<void> {
  slot.skewMs = skewMs
  await slot.kill(0)
}

async function freeze(slot: ProcessSlot, durationMs: number): Promise<void> {
  slot.freeze()
  await sleep(durationMs)
  slot.thaw()
}

async function breakLink(link: Breakable, fault: LinkFault, durationMs: number): Promise<void> {
  link.break(fault)
  await sleep(durationMs)
  link.heal()
}

async function restart(server: Server, durationMs: number): Promise<void> {
  await server.kill()
  await sleep(durationMs)
  await server.restart()
}

async function freezeServer({ pid }: Server, durationMs: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await sleep(durationMs)
  process.kill(pid, 'SIGCONT')
}

/** Lets no server of Redis answer, so that no replica can take over. */
async function takeRedisAway(servers: Server[], how: RedisOutage, durationMs: number): Promise<void> {
  const act = how === 'hang' ? freezeServer : restart
  await Promise.all(servers.map((server) => act(server, durationMs)))
}

async function moveSlots({ product }: Cluster, nth: number, note: (text: string) => void): Promise<void> {
  const movedCount = await product.redis.moveSlots(nth).catch((error: Error) => note(error.message))
  if (movedCount) note(`${movedCount} slots moved`)
}

async function breakLlm({ llm }: Cluster, fault: Extract<Fault, { type: 'llm' }>['fault'], durationMs: number) {
  llm.fault = fault
  await sleep(durationMs)
  llm.fault = null
}

/** Empties all primaries. A fault that stops one primary already tests the loss of only some keys. */
async function flushServers(servers: Server[]): Promise<void> {
  await Promise.all(servers.map(({ url }) => flushServer(url)))
}

async function flushServer(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => null, lazyConnect: true, commandTimeout: 2_000 })
  redis.on('error', () => {})
  await redis
    .connect()
    .then(() => redis.flushall())
    .catch(() => {}) // A Redis server that is down has nothing in memory.
  redis.disconnect()
}
