import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '@engineer-chat/adapters/environment'
import type { Metrics } from '@engineer-chat/adapters/metrics'
import type { Catalogue } from '@engineer-chat/chat/models'
import type { SharedRateCounters } from '@engineer-chat/chat/operations'
import type { Passwords } from '@engineer-chat/chat/people'
import type { Log, ReplyQueue, RoomBus, RoomFeed } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import type { Voice } from '@engineer-chat/chat/voice'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { BoardQueue } from './operations/board-queue.ts'

/** What `readyz` asks. */
export interface Health {
  /** Rejects when MySQL doesn't answer. */
  mysql(): Promise<void>
  redis(): 'ready' | 'down'
}

/** All that the app touches; a test gives it memory and fakes. */
export interface ApiDeps {
  config: Config
  /** Tells this node from the others, on the bus and in logs. */
  nodeId: string
  stores: Stores
  passwords: Passwords
  bus: RoomBus
  queue: ReplyQueue
  feed: RoomFeed
  /** What limits are counted by; without it, each node counts for itself. */
  counts?: SharedRateCounters
  health: Health
  /** The time by MySQL's clock, in milliseconds since 1970; without it, by this process's. */
  now?: () => number
  /** What Bull Board shows; without it there is no board. */
  board?: BoardQueue
  /** The folder of the built war room; without it there is no page. */
  page?: string
  /** What a caller may choose from: what the workers ask with this configuration. */
  models: Catalogue
  /** What isn't in it answers that it isn't configured. */
  voice?: Voice
  log: Log
  metrics: Metrics
}

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>
