import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from '@engineer-chat/local-stack'
import { until } from '@engineer-chat/proof'
import { Redis } from 'ioredis'
import type { Cluster } from '../cluster/cluster.ts'
import type { ProcessSlot } from '../cluster/process-slot.ts'
import { describe, type Fault, type Planned } from './schedule.ts'

/**
 * Does what was planned, and undoes it when its time is over. What the same thing is already suffering from is left out;
 * a deploy waits until every process is whole, and keeps other faults of processes away until it is over.
 */
export function createFaultInjector(cluster: Cluster, note: (text: string) => void) {
  const busy = new Map<string, Promise<void>>()
  let deploying = false

  const slotOf = (name: string): ProcessSlot => {
    const slot = cluster.slots.find((one) => one.name === name)
    if (!slot) throw new Error(`there is no ${name}`)
    return slot
  }
  const strike = async (planned: Planned): Promise<void> => {
    const { fault } = planned
    const victims = listVictims(cluster, fault)
    const isDeploy = fault.type === 'deploy'
    const isProcess = isDeploy || 'slot' in fault
    const isBusy = !isDeploy && victims.some((victim) => busy.has(victim))
    if (isBusy || (isProcess && deploying)) return note(`left out: ${describe(planned).trim()}`)
    deploying ||= isDeploy
    if (isDeploy) await Promise.all(victims.map((victim) => busy.get(victim)))
    const over = Promise.withResolvers<void>()
    for (const victim of victims) busy.set(victim, over.promise)
    try {
      await act(planned)
    } finally {
      for (const victim of victims) busy.delete(victim)
      if (isDeploy) deploying = false
      over.resolve()
    }
  }
  /** Of several primaries a different one each time. */
  const serverOf = async (name: 'mysql' | 'redis', nth: number): Promise<Server> => {
    if (name === 'mysql') return cluster.product.mysql
    return until('a primary of Redis', async () => {
      const primaries = await cluster.product.redis.primaries()
      return primaries[nth % primaries.length]
    })
  }
  const act = async (planned: Planned): Promise<void> => {
    const { fault, for_ms } = planned
    switch (fault.type) {
      case 'kill':
        return slotOf(fault.slot).kill(for_ms)
      case 'skew': {
        const slot = slotOf(fault.slot)
        slot.skew_ms = fault.skew_ms
        return slot.kill(0)
      }
      case 'freeze': {
        const slot = slotOf(fault.slot)
        slot.freeze()
        await sleep(for_ms)
        return slot.thaw()
      }
      case 'link': {
        const link = cluster.links.find(({ name }) => name === fault.link)
        if (!link) throw new Error(`there is no ${fault.link}`)
        link.break(fault.fault)
        await sleep(for_ms)
        return link.heal()
      }
      case 'flushall':
        return flush(await cluster.product.redis.primaries())
      case 'restart': {
        const server = await serverOf(fault.server, planned.at_ms)
        await server.kill()
        await sleep(for_ms)
        return server.restart()
      }
      case 'freeze-server': {
        const { pid } = await serverOf(fault.server, planned.at_ms)
        process.kill(pid, 'SIGSTOP')
        await sleep(for_ms)
        process.kill(pid, 'SIGCONT')
        return
      }
      case 'move-slots': {
        const moved = await cluster.product.redis.moveSlots(planned.at_ms).catch((error: Error) => note(error.message))
        if (moved) note(`${moved} slots moved`)
        return
      }
      case 'llm':
        cluster.llm.fault = fault.fault
        await sleep(for_ms)
        cluster.llm.fault = null
        return
      case 'deploy':
        return deploy(cluster, busy, note)
    }
  }
  return strike
}

/** One by one, as an operator does it: workers first. */
async function deploy(cluster: Cluster, busy: Map<string, unknown>, note: (text: string) => void): Promise<void> {
  for (const slot of cluster.slots.toReversed()) {
    const alone = busy.size === cluster.slots.length + 1
    const code = await slot.replace()
    if (code !== 0 && code !== undefined)
      note(`${slot.name} ended with ${code} on SIGTERM${alone ? '' : ', with other faults'}`)
  }
}

function listVictims(cluster: Cluster, fault: Fault): string[] {
  if (fault.type === 'deploy') return ['deploy', ...cluster.slots.map(({ name }) => name)]
  if ('slot' in fault) return [fault.slot]
  if ('link' in fault) return listConnections(cluster, fault.link)
  if ('server' in fault) return [fault.server]
  return fault.type === 'llm' ? ['llm'] : ['redis']
}

/** A bundle is its links, too: neither is broken while the other is. */
function listConnections(cluster: Cluster, name: string): string[] {
  const link = cluster.links.find((one) => one.name === name)
  return [name, ...(link?.parts ?? []).map((part) => part.name)]
}

/** All of them: one alone would lose a part, and that is what a primary that dies does. */
async function flush(servers: Server[]): Promise<void> {
  await Promise.all(servers.map(({ url }) => flushOne(url)))
}

async function flushOne(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => null, lazyConnect: true, commandTimeout: 2_000 })
  redis.on('error', () => {})
  await redis
    .connect()
    .then(() => redis.flushall())
    .catch(() => {}) // it is away: there is nothing in it
  redis.disconnect()
}
