import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '@engineer-chat/adapters/environment'
import type { Metrics } from '@engineer-chat/adapters/metrics'
import type { Catalogue } from '@engineer-chat/chat/models'
import type { SharedRateCounters } from '@engineer-chat/chat/operations'
import type { Passwords } from '@engineer-chat/chat/people'
import type { Log, ReplyQueue, RoomBus, RoomFeed, Tracer } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import type { Voice } from '@engineer-chat/chat/voice'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { BoardQueue } from './operations/board-queue.ts'

/** Checks the servers that a node needs; `readyz` reports the result. */
export interface Health {
  /** Rejects if MySQL takes no write in time. */
  probeMysql(): Promise<void>
  /** Returns `down` also if Redis belongs to another installation. */
  getRedisStatus(): 'ready' | 'down'
}

/** Holds all dependencies of the app. A test passes memory stores and fakes. */
export interface ApiDeps {
  config: Config
  /** Identifies this node on the bus and in logs. */
  nodeId: string
  stores: Stores
  passwords: Passwords
  /** Publishes changes of rooms and of rights to all nodes, as hints. */
  bus: RoomBus
  /** Announces new replies to the workers. */
  queue: ReplyQueue
  /** Receives the hints of all nodes about the rooms that this node subscribes to, and sends hints of its own. */
  feed: RoomFeed
  /** All nodes share these counters of rate limits. Without them, each node uses its own counters. */
  rateCounters?: SharedRateCounters
  health: Health
  /** Returns the time by MySQL's clock, in milliseconds since 1970. Without it, this process's clock is used. */
  getMysqlTimeMs?: () => number
  /** Bull Board shows this queue. Without it, the node serves no board. */
  boardQueue?: BoardQueue
  /** This folder contains the built page of the war room. Without it, the node serves no page. */
  pageFolder?: string
  /** Callers choose from these models, which are the ones that workers call. */
  models: Catalogue
  /** If an ability is missing here, its routes respond with `voice_not_configured`. */
  voice?: Voice
  log: Log
  metrics: Metrics
  /** Without it, the node sends no traces. */
  tracer?: Tracer | undefined
}

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>
