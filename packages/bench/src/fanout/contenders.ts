import { parseRedisAddress } from '@engineer-chat/adapters/environment'
import { createLog } from '@engineer-chat/adapters/log'
import { createRedisConnector, openRedisAdapters, type RedisAdapters } from '@engineer-chat/adapters/redis'
import type { RoomChange } from '@engineer-chat/chat/shared'
import { Redis } from 'ioredis'
import { type LaunchedProcess, startProgram } from '../processes/launch.ts'
import { migrateAndReadInstallation } from '../processes/migrate-and-read-installation.ts'
import type { Stack } from '../processes/stack.ts'
import type { DialectName } from '../socket-clients/dialects.ts'

export const SOCKET_CONTENDERS = ['ours', 'ws', 'socket.io'] as const satisfies DialectName[]
export type SocketContender = (typeof SOCKET_CONTENDERS)[number]

/** Represents the WebSocket server of a contender. All contenders get the same changes over Redis. */
export interface SocketServer {
  process: LaunchedProcess
  publish(changes: RoomChange[]): void
}

export interface SocketContenders {
  start(name: SocketContender): Promise<SocketServer>
  close(): Promise<void>
}

export async function createSocketContenders(stack: Stack): Promise<SocketContenders> {
  const log = createLog({ level: 'silent', service: 'bench' })
  const redisAdapters: RedisAdapters = openRedisAdapters({
    connector: createRedisConnector(parseRedisAddress(stack.redis.url)),
    namespace: 'ec',
    installation: await migrateAndReadInstallation(stack.mysql.url),
    nodeId: 'bench',
    log,
  })
  const redis = new Redis(stack.redis.url, { enableAutoPipelining: true })
  const started = new Set<LaunchedProcess>()
  const startRedisSubscriber = async (name: string): Promise<SocketServer> => {
    const channel = `bench:${name}:${started.size}`
    const launched = await startProgram(name, { REDIS_URL: stack.redis.url, CHANNEL: channel })
    started.add(launched)
    const publish = (changes: RoomChange[]) => {
      for (const change of changes) void redis.publish(channel, JSON.stringify({ type: 'change', change }))
    }
    return { process: launched, publish }
  }
  return {
    async start(name) {
      if (name === 'ws') return startRedisSubscriber('raw-ws')
      if (name === 'socket.io') return startRedisSubscriber('socket-io')
      const publish = (changes: RoomChange[]) => {
        for (const change of changes) redisAdapters.bus.publish(change)
      }
      return { process: await stack.startApi(), publish }
    },
    async close() {
      await Promise.all([...started].map((launched) => launched.kill()))
      await redisAdapters.close()
      redis.disconnect()
    },
  }
}
