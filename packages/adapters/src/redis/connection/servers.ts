import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'
import type { ConnectionOptions } from './connection-options.ts'
import { openSentinels } from './sentinels.ts'

interface Login {
  username?: string
  password?: string
}

interface Node {
  host: string
  port: number
}

/** One server, the primary that Sentinels name, or a cluster's slots. */
export type RedisAddress =
  | { form: 'single'; url: string }
  | ({ form: 'sentinel'; nodes: Node[]; master: string; db: number; sentinel: Login; tls: boolean } & Login)
  | ({ form: 'cluster'; nodes: Node[]; tls: boolean } & Login)

export type RedisClient = Redis | Cluster

/** The place where connections are opened, of any form. All come back by themselves, unless they are told not to. */
export interface RedisServers {
  readonly form: RedisAddress['form']
  open(options: ConnectionOptions): RedisClient
  /** To one node of a cluster, and to that one only. */
  openNode(node: Node, options: ConnectionOptions): Redis
}

/** Sentinels and nodes that hang aren't waited for: there are others. */
const ASK_TIMEOUT_MS = 1_000
/** A cluster's nodes are asked so often who owns what. */
const MAP_INTERVAL_MS = 1_000

export function createRedisServers(address: RedisAddress): RedisServers {
  const open = createOpener(address)
  return {
    form: address.form,
    open: (options) => open({ retryStrategy: retryDelay, reconnectOnError: isDemoted, ...options }),
    openNode: (node, options) => {
      if (address.form !== 'cluster') throw new Error('Only a cluster has nodes.')
      return new Redis({ retryStrategy: retryDelay, ...options, ...toLogin(address), ...node })
    },
  }
}

function createOpener(address: RedisAddress): (options: RedisOptions) => RedisClient {
  if (address.form === 'single') return (options) => new Redis(address.url, options)
  if (address.form === 'cluster')
    return (options) => watchCluster(new Cluster(address.nodes, toClusterOptions(address, options)))
  const sentinels = openSentinels(address.nodes, address.master, toSentinelLogin(address))
  return (options) => sentinels.open(() => new Redis({ ...options, ...toSentinelOptions(address) }))
}

/**
 * Reads the map often, for a node that hangs says nothing of its successor, and takes a map that can't be read for an outage:
 * ioredis would wait for a command to fail. Its own interval (`slotsRefreshInterval`) may outlive `disconnect`.
 */
function watchCluster(cluster: Cluster): Cluster {
  const refresh = cluster.refreshSlotsCache.bind(cluster)
  cluster.refreshSlotsCache = (told) =>
    refresh((error) => {
      if (error?.message === NOBODY_ANSWERS && cluster.status === 'ready') cluster.disconnect(true)
      told?.(error)
    })
  logReasons(cluster)
  const duplicate = cluster.duplicate.bind(cluster)
  cluster.duplicate = (nodes, options) => watchCluster(duplicate(nodes, options))
  let reading: NodeJS.Timeout | undefined
  const stop = () => clearInterval(reading)
  cluster.on('ready', () => {
    stop()
    reading = setInterval(() => cluster.refreshSlotsCache(), MAP_INTERVAL_MS).unref()
  })
  cluster.on('close', stop)
  cluster.on('end', stop)
  return cluster
}

/** ioredis keeps to itself why the map couldn't be read: a certificate that nobody trusts would be a riddle. */
function logReasons(cluster: Cluster): void {
  let reason: Error | undefined
  cluster.on('+node', (node: Redis) => {
    const duplicate = node.duplicate.bind(node)
    node.duplicate = (override) => {
      const asking = duplicate(override)
      asking.on('error', (error: Error) => {
        reason = error
      })
      return asking
    }
  })
  cluster.on('ready', () => {
    reason = undefined
  })
  cluster.on('error', (error: Error) => {
    error.cause ??= reason
  })
}

/** As ioredis says it. */
const NOBODY_ANSWERS = 'Failed to refresh slots cache.'

function toSentinelOptions(address: RedisAddress & { form: 'sentinel' }): RedisOptions {
  const { nodes, master, db, sentinel, tls } = address
  return {
    ...toLogin(address),
    sentinels: nodes,
    name: master,
    db,
    sentinelUsername: sentinel.username,
    sentinelPassword: sentinel.password,
    sentinelCommandTimeout: ASK_TIMEOUT_MS,
    sentinelRetryStrategy: retryDelay,
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  }
}

const toSentinelLogin = ({ sentinel, tls }: RedisAddress & { form: 'sentinel' }): RedisOptions => ({
  ...toLogin({ ...sentinel, tls }),
  retryStrategy: retryDelay,
})

function toClusterOptions(address: RedisAddress & { form: 'cluster' }, options: RedisOptions): ClusterOptions {
  const { enableOfflineQueue, enableAutoPipelining, lazyConnect, retryStrategy, reconnectOnError, ...ofNodes } = options
  return {
    enableOfflineQueue,
    enableAutoPipelining,
    lazyConnect,
    clusterRetryStrategy: retryStrategy,
    dnsLookup: (host, found) => found(null, host), // names stay names: certificates are for them
    slotsRefreshTimeout: ASK_TIMEOUT_MS,
    redisOptions: { ...ofNodes, ...toLogin(address) },
  }
}

const toLogin = ({ username, password, tls }: Login & { tls: boolean }): RedisOptions => ({
  ...(username !== undefined && { username }),
  ...(password !== undefined && { password }),
  ...(tls && { tls: {} }),
})

/** Another server has taken over, and this one has become its replica. */
const isDemoted = (error: Error): boolean => error.message.startsWith('READONLY')

/** Quickly at first, then about once a second, with jitter: many processes shouldn't come back in one moment. */
const retryDelay = (times: number): number => Math.min(50 * 2 ** Math.min(times, 5), 1_000) + Math.random() * 100
