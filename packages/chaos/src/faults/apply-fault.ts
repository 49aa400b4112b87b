import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from '@engineer-chat/local-stack'
import { waitUntil } from '@engineer-chat/proof'
import { Redis } from 'ioredis'
import type { Cluster } from '../cluster/cluster.ts'
import type { ProcessSlot } from '../cluster/process-slot.ts'
import type { Breakable, LinkFault } from '../net/link.ts'
import type { Fault, PlannedFault } from './schedule.ts'

/** Applies one fault and ends it after its time. A deploy is no fault of one target, so it is not applied here. */
export async function applyFault(
  cluster: Cluster,
  { fault, start_ms, duration_ms }: PlannedFault,
  note: (text: string) => void,
): Promise<void> {
  switch (fault.type) {
    case 'kill':
      return getSlot(cluster, fault.slot).kill(duration_ms)
    case 'skew':
      return skew(getSlot(cluster, fault.slot), fault.skew_ms)
    case 'freeze':
      return freeze(getSlot(cluster, fault.slot), duration_ms)
    case 'link':
      return breakLink(getLink(cluster, fault.link), fault.fault, duration_ms)
    case 'flushall':
      return flush(await cluster.product.redis.listPrimaries())
    case 'restart':
      return restart(await getServer(cluster, fault.server, start_ms), duration_ms)
    case 'freeze-server':
      return freezeServer(await getServer(cluster, fault.server, start_ms), duration_ms)
    case 'move-slots':
      return moveSlots(cluster, start_ms, note)
    case 'llm':
      return breakLlm(cluster, fault.fault, duration_ms)
    case 'deploy':
      return
    default:
      fault satisfies never
  }
}

function getSlot({ slots }: Cluster, name: string): ProcessSlot {
  const slot = slots.find((one) => one.name === name)
  if (!slot) throw new Error(`there is no ${name}`)
  return slot
}

function getLink({ links }: Cluster, name: string): Breakable {
  const link = links.find((one) => one.name === name)
  if (!link) throw new Error(`there is no ${name}`)
  return link
}

/** Returns the server; of several primaries of Redis the one that `draw` falls on. */
async function getServer({ product }: Cluster, name: 'mysql' | 'redis', draw: number): Promise<Server> {
  if (name === 'mysql') return product.mysql
  return waitUntil('a primary of Redis', async () => {
    const primaries = await product.redis.listPrimaries()
    return primaries[draw % primaries.length]
  })
}

async function skew(slot: ProcessSlot, skew_ms: number): Promise<void> {
  slot.skew_ms = skew_ms
  await slot.kill(0)
}

async function freeze(slot: ProcessSlot, duration_ms: number): Promise<void> {
  slot.freeze()
  await sleep(duration_ms)
  slot.thaw()
}

async function breakLink(link: Breakable, fault: LinkFault, duration_ms: number): Promise<void> {
  link.break(fault)
  await sleep(duration_ms)
  link.heal()
}

async function restart(server: Server, duration_ms: number): Promise<void> {
  await server.kill()
  await sleep(duration_ms)
  await server.restart()
}

async function freezeServer({ pid }: Server, duration_ms: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await sleep(duration_ms)
  process.kill(pid, 'SIGCONT')
}

async function moveSlots({ product }: Cluster, draw: number, note: (text: string) => void): Promise<void> {
  const moved = await product.redis.moveSlots(draw).catch((error: Error) => note(error.message))
  if (moved) note(`${moved} slots moved`)
}

async function breakLlm({ llm }: Cluster, fault: Extract<Fault, { type: 'llm' }>['fault'], duration_ms: number) {
  llm.fault = fault
  await sleep(duration_ms)
  llm.fault = null
}

/** Empties all primaries, because only a primary's death loses a part of the keys, and that is another fault. */
async function flush(servers: Server[]): Promise<void> {
  await Promise.all(servers.map(({ url }) => flushOne(url)))
}

async function flushOne(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => null, lazyConnect: true, commandTimeout: 2_000 })
  redis.on('error', () => {})
  await redis
    .connect()
    .then(() => redis.flushall())
    .catch(() => {}) // A Redis that is away keeps nothing in memory.
  redis.disconnect()
}
