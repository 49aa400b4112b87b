import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseRedisAddress } from '@engineer-chat/adapters/environment'
import { createRedisConnector, type RedisConnector } from '@engineer-chat/adapters/redis'
import { type RedisDeployment, type Server, startRedis } from '@engineer-chat/local-stack'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import { Cluster, type Redis } from 'ioredis'
import type { Test } from 'tap'

/** Provides the Redis on which a suite of tests runs. */
export interface RedisUnderTest {
  connector: RedisConnector
  /** Has an address at which no server listens. */
  unreachable: RedisConnector
  /** Starts a Redis of the same topology that a test may break. It is repaired after the test. */
  startBreakable(t: Test): Promise<BreakableRedis>
}

export interface BreakableRedis {
  connector: RedisConnector
  /** Kills all servers that hold data. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Sends the signal to all servers that hold data. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
}

const createConnector = (url: string): RedisConnector => createRedisConnector(parseRedisAddress(url))

/** Uses the server of the test run, and starts a separate server for a test to break. */
export const createSingleRedisUnderTest = (): RedisUnderTest => ({
  connector: createConnector(getTestServers().redisUrl),
  unreachable: createConnector('redis://127.0.0.1:1'),
  async startBreakable(t) {
    const server = await startRedis()
    t.teardown(() => server.stop())
    return createBreakable(server.url, [server])
  },
})

/** All tests of a file share the set. It is repaired after each test that breaks it, and before the next test starts. */
export const createRedisSetUnderTest = (set: Pick<RedisDeployment, 'url' | 'nodes' | 'isSteady'>): RedisUnderTest => ({
  connector: createConnector(set.url),
  unreachable: createConnector(set.url.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:1')),
  async startBreakable(t) {
    const breakable = createBreakable(set.url, set.nodes)
    t.teardown(async () => {
      await breakable.start()
      await waitUntilSteady(set)
    })
    return breakable
  },
})

export async function waitUntilSteady(set: Pick<RedisDeployment, 'isSteady'>): Promise<void> {
  while (!(await set.isSteady())) await sleep(50)
}

function createBreakable(url: string, nodes: Server[]): BreakableRedis {
  let isDown = false
  return {
    connector: createConnector(url),
    async stop() {
      isDown = true
      await Promise.all(nodes.map((node) => node.kill()))
    },
    async start() {
      if (isDown) await Promise.all(nodes.map((node) => node.restart()))
      isDown = false
    },
    signal(signal) {
      for (const node of nodes) process.kill(node.pid, signal)
    },
  }
}

/** Opens a client that reads and changes Redis without the adapters. */
export function openRedis(t: Test, connector: RedisConnector) {
  const client = connector.open({})
  client.on('error', () => undefined)
  t.teardown(() => client.disconnect())
  const listNodes = async (): Promise<Redis[]> => {
    if (!(client instanceof Cluster)) return [client]
    if (client.status !== 'ready') await once(client, 'ready')
    return client.nodes('master')
  }
  const askEach = async <T>(callNode: (node: Redis) => Promise<T>): Promise<T[]> =>
    Promise.all((await listNodes()).map(callNode))
  return {
    client,
    publish: (channel: string, text: string) =>
      client instanceof Cluster ? client.spublish(channel, text) : client.publish(channel, text),
    async countSubscribers(channel: string): Promise<number> {
      const command = connector.topology === 'cluster' ? 'SHARDNUMSUB' : 'NUMSUB'
      const counts = await askEach((node) => node.call('PUBSUB', command, channel))
      return counts.reduce<number>((sum, count) => sum + Number((count as unknown[])[1]), 0)
    },
    listKeys: async (pattern: string) => (await askEach((node) => node.keys(pattern))).flat(),
    /** Counts how often the servers have run this command since they were started. */
    countCalls: async (command: string) => {
      const callCounts = await askEach(async (node) =>
        Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(await node.info('commandstats'))?.[1] ?? 0),
      )
      return callCounts.reduce((sum, count) => sum + count, 0)
    },
    flush: () => askEach((node) => node.flushall()),
  }
}
