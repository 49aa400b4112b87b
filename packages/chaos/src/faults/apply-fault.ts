import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from '@engineer-chat/local-stack'
import { waitUntil } from '@engineer-chat/proof'
import { Redis } from 'ioredis'
import type { Breakable, LinkFault } from '../net/link.ts'
import type { SupervisedProcess } from '../testbed/supervised-process.ts'
import type { Testbed } from '../testbed/testbed.ts'
import type { Fault, PlannedFault, RedisOutageKind } from './fault.ts'

/**
 * Applies one fault and ends it after its duration. A skewed clock stays skewed until the next `skew` of its process,
 * and `flushall` and `move-slots` have no duration. If Redis has several primaries, `startMs` picks one of them,
 * because `startMs` is the same in each run of a schedule. `FaultInjector` runs deploys itself, because they concern
 * all processes.
 */
export async function applyFault(
  testbed: Testbed,
  { fault, startMs, durationMs }: PlannedFault,
  addNote: (text: string) => void,
): Promise<void> {
  switch (fault.type) {
    case 'kill':
      return getSupervisedProcess(testbed, fault.process).killAndRestart(durationMs)
    case 'skew':
      return skewClock(getSupervisedProcess(testbed, fault.process), fault.skewMs)
    case 'freeze':
      return freezeProcess(getSupervisedProcess(testbed, fault.process), durationMs)
    case 'link':
      return breakLink(getLink(testbed, fault.link), fault.fault, durationMs)
    case 'flushall':
      return flushServers(await testbed.product.redis.listPrimaries())
    case 'restart':
      return restartServer(await getServer(testbed, fault.server, startMs), durationMs)
    case 'freeze-server':
      return freezeServer(await getServer(testbed, fault.server, startMs), durationMs)
    case 'move-slots':
      return moveHashSlots(testbed, startMs, addNote)
    case 'llm':
      return breakLlm(testbed, fault.fault, durationMs)
    case 'redis-away':
      return breakAllServers(testbed.product.redis.servers, fault.kind, durationMs)
    case 'deploy':
      return // `FaultInjector` runs it.
    default:
      fault satisfies never
  }
}

function getSupervisedProcess({ processes }: Testbed, name: string): SupervisedProcess {
  const supervised = processes.find((candidate) => candidate.name === name)
  if (!supervised) throw new Error(`there is no process ${name}`)
  return supervised
}

function getLink({ links }: Testbed, name: string): Breakable {
  const link = links.find((candidate) => candidate.name === name)
  if (!link) throw new Error(`there is no link ${name}`)
  return link
}

/** Returns the server. Of several primaries of Redis, it returns the one whose index is `nth` modulo their count. */
async function getServer({ product }: Testbed, name: 'mysql' | 'redis', nth: number): Promise<Server> {
  if (name === 'mysql') return product.mysql
  return waitUntil('a primary of Redis', async () => {
    const primaries = await product.redis.listPrimaries()
    return primaries[nth % primaries.length]
  })
}

async function skewClock(supervised: SupervisedProcess, skewMs: number): Promise<void> {
  supervised.skewMs = skewMs
  await supervised.killAndRestart(0)
}

async function freezeProcess(supervised: SupervisedProcess, durationMs: number): Promise<void> {
  supervised.freeze()
  await sleep(durationMs)
  supervised.unfreeze()
}

async function breakLink(link: Breakable, fault: LinkFault, durationMs: number): Promise<void> {
  link.break(fault)
  await sleep(durationMs)
  link.heal()
}

async function restartServer(server: Server, durationMs: number): Promise<void> {
  await server.kill()
  await sleep(durationMs)
  await server.restart()
}

async function freezeServer({ pid }: Server, durationMs: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await sleep(durationMs)
  process.kill(pid, 'SIGCONT')
}

/** Breaks all servers of Redis at the same time, so that no replica can take over. */
async function breakAllServers(servers: Server[], kind: RedisOutageKind, durationMs: number): Promise<void> {
  const breakServer = kind === 'hang' ? freezeServer : restartServer
  await Promise.all(servers.map((server) => breakServer(server, durationMs)))
}

async function moveHashSlots({ product }: Testbed, nth: number, addNote: (text: string) => void): Promise<void> {
  const movedCount = await product.redis.moveHashSlots(nth).catch((error: Error) => addNote(error.message))
  if (movedCount) addNote(`${movedCount} hash slots moved`)
}

async function breakLlm({ llm }: Testbed, fault: Extract<Fault, { type: 'llm' }>['fault'], durationMs: number) {
  llm.fault = fault
  await sleep(durationMs)
  llm.fault = null
}

/** Flushes all primaries, because this fault loses all keys at once, while `restart` concerns one primary. */
async function flushServers(servers: Server[]): Promise<void> {
  await Promise.all(servers.map(({ url }) => flushServer(url)))
}

async function flushServer(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => null, lazyConnect: true, commandTimeout: 2_000 })
  redis.on('error', () => {})
  await redis
    .connect()
    .then(() => redis.flushall())
    .catch(() => {}) // A server that is stopped or frozen cannot be flushed, so its keys stay as they are.
  redis.disconnect()
}
