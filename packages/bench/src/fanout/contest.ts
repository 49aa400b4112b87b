import { createLog } from '@engineer-chat/adapters/log'
import { createRedisServers, openRedisHints, type RedisHints } from '@engineer-chat/adapters/redis'
import type { RoomChange } from '@engineer-chat/chat/shared'
import { Redis } from 'ioredis'
import type { DialectName } from '../crowd/dialects.ts'
import { type Launched, startContender } from '../processes/launch.ts'
import type { Stack } from '../processes/stack.ts'

export const CONTENDERS = ['ours', 'ws', 'socket.io'] as const satisfies DialectName[]

/** Describes a server of sockets. `publish` sends it changes; all contenders get the same text from Redis. */
export interface SocketServer {
  process: Launched
  publish(changes: RoomChange[]): void
}

export interface Contenders {
  start(name: DialectName): Promise<SocketServer>
  close(): Promise<void>
}

export function createContenders(stack: Stack): Contenders {
  const log = createLog({ level: 'silent', service: 'bench' })
  const hints: RedisHints = openRedisHints({
    servers: createRedisServers({ form: 'single', url: stack.redis.url }),
    namespace: 'ec',
    nodeId: 'bench',
    log,
  })
  const redis = new Redis(stack.redis.url, { enableAutoPipelining: true })
  const others = new Set<Launched>()
  const other = async (name: string): Promise<SocketServer> => {
    const CHANNEL = `bench:${name}:${others.size}`
    const process = await startContender(name, { REDIS_URL: stack.redis.url, CHANNEL })
    others.add(process)
    const publish = (changes: RoomChange[]) => {
      for (const change of changes) void redis.publish(CHANNEL, JSON.stringify({ type: 'change', change }))
    }
    return { process, publish }
  }
  return {
    async start(name) {
      if (name === 'ws') return other('raw-ws')
      if (name === 'socket.io') return other('socket-io')
      const publish = (changes: RoomChange[]) => {
        for (const change of changes) hints.bus.publish(change)
      }
      return { process: await stack.startApi(), publish }
    },
    async close() {
      await Promise.all([...others].map((process) => process.kill()))
      await hints.close()
      redis.disconnect()
    },
  }
}
