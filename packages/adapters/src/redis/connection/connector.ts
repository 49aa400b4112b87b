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

interface Tls {
  tls: boolean
  /** These authorities, in PEM, are trusted instead of those that Node.js trusts. */
  ca?: string
}

type ServerList = { nodes: Node[] } & Tls & Login

/** Redis is one server, the primary that Sentinels name, or the nodes of a cluster. */
export type RedisAddress =
  | ({ topology: 'single'; db: number } & ServerList)
  | ({ topology: 'sentinel'; master: string; db: number; sentinel: Login } & ServerList)
  | ({ topology: 'cluster' } & ServerList)

export type RedisClient = Redis | Cluster

/** Opens connections to a Redis of any topology. Each reconnects by itself unless its options forbid it. */
export interface RedisConnector {
  readonly topology: RedisAddress['topology']
  open(options: ConnectionOptions): RedisClient
  /** Connects to one node of a cluster and to no other. */
  openNode(node: Node, options: ConnectionOptions): Redis
}

/** A command to a Sentinel or node ends after this time without an answer, because another one may answer. */
const QUERY_TIMEOUT_MS = 1_000
/** The nodes of a cluster are asked for the slot map at this interval. */
const SLOT_MAP_INTERVAL_MS = 1_000

export function createRedisConnector(address: RedisAddress): RedisConnector {
  const open = createOpener(address)
  return {
    topology: address.topology,
    open: (options) => open({ retryStrategy: computeRetryDelayMs, reconnectOnError: isDemoted, ...options }),
    openNode: (node, options) => {
      if (address.topology !== 'cluster') throw new Error('Only a cluster has nodes.')
      return new Redis({ retryStrategy: computeRetryDelayMs, ...options, ...toLoginOptions(address), ...node })
    },
  }
}

function createOpener(address: RedisAddress): (options: RedisOptions) => RedisClient {
  if (address.topology === 'single')
    return (options) => new Redis({ ...options, ...toLoginOptions(address), ...address.nodes[0], db: address.db })
  if (address.topology === 'cluster')
    return (options) => watchCluster(new Cluster(address.nodes, toClusterOptions(address, options)))
  const sentinels = openSentinels(address.nodes, address.master, toSentinelLogin(address))
  return (options) => sentinels.open(() => new Redis({ ...options, ...toSentinelOptions(address) }))
}

/**
 * Refreshes the slot map often, because a hanging node does not announce its successor. A map that cannot be read
 * counts as an outage, because ioredis alone would notice the outage only when a command fails. The option
 * `slotsRefreshInterval` of ioredis is not used, because its timer may continue after `disconnect`.
 */
function watchCluster(cluster: Cluster): Cluster {
  const refresh = cluster.refreshSlotsCache.bind(cluster)
  cluster.refreshSlotsCache = (callback) =>
    refresh((error) => {
      if (error?.message === SLOTS_UNREADABLE && cluster.status === 'ready') cluster.disconnect(true)
      callback?.(error)
    })
  addCauses(cluster)
  const duplicate = cluster.duplicate.bind(cluster)
  cluster.duplicate = (nodes, options) => watchCluster(duplicate(nodes, options))
  let refreshTimer: NodeJS.Timeout | undefined
  const stop = () => clearInterval(refreshTimer)
  cluster.on('ready', () => {
    stop()
    refreshTimer = setInterval(() => cluster.refreshSlotsCache(), SLOT_MAP_INTERVAL_MS).unref()
  })
  cluster.on('close', stop)
  cluster.on('end', stop)
  return cluster
}

/**
 * Adds the reason, such as an untrusted certificate, to the error that the slot map can't be read. ioredis reads the
 * map with a duplicate of a node's client, and hides the errors of that duplicate.
 */
function addCauses(cluster: Cluster): void {
  let mapReaderError: Error | undefined
  cluster.on('+node', (node: Redis) => {
    const duplicate = node.duplicate.bind(node)
    node.duplicate = (override) => {
      const mapReader = duplicate(override)
      mapReader.on('error', (error: Error) => {
        mapReaderError = error
      })
      return mapReader
    }
  })
  cluster.on('ready', () => {
    mapReaderError = undefined
  })
  cluster.on('error', (error: Error) => {
    error.cause ??= mapReaderError
  })
}

/** The error of ioredis has this message if no node answers with the slot map. */
const SLOTS_UNREADABLE = 'Failed to refresh slots cache.'

function toSentinelOptions(address: RedisAddress & { topology: 'sentinel' }): RedisOptions {
  const { nodes, master, db, sentinel } = address
  return {
    ...toLoginOptions(address),
    sentinels: nodes,
    name: master,
    db,
    sentinelUsername: sentinel.username,
    sentinelPassword: sentinel.password,
    sentinelCommandTimeout: QUERY_TIMEOUT_MS,
    sentinelRetryStrategy: computeRetryDelayMs,
    ...(address.tls && { enableTLSForSentinelMode: true, sentinelTLS: toTlsOptions(address.ca) }),
  }
}

const toSentinelLogin = ({ sentinel, tls, ca }: RedisAddress & { topology: 'sentinel' }): RedisOptions => ({
  ...toLoginOptions({ ...sentinel, tls, ...(ca !== undefined && { ca }) }),
  retryStrategy: computeRetryDelayMs,
})

function toClusterOptions(address: RedisAddress & { topology: 'cluster' }, options: RedisOptions): ClusterOptions {
  const { enableOfflineQueue, enableAutoPipelining, lazyConnect, retryStrategy, reconnectOnError, ...nodeOptions } =
    options
  return {
    enableOfflineQueue,
    enableAutoPipelining,
    lazyConnect,
    clusterRetryStrategy: retryStrategy,
    dnsLookup: (host, callback) => callback(null, host), // Names are not resolved: certificates contain names.
    slotsRefreshTimeout: QUERY_TIMEOUT_MS,
    redisOptions: { ...nodeOptions, ...toLoginOptions(address) },
  }
}

/** Returns the options for the user, the password and TLS. */
const toLoginOptions = ({ username, password, tls, ca }: Login & Tls): RedisOptions => ({
  ...(username !== undefined && { username }),
  ...(password !== undefined && { password }),
  ...(tls && { tls: toTlsOptions(ca) }),
})

/** Node.js checks that the certificate is for the connection's host, even if NODE_TLS_REJECT_UNAUTHORIZED is 0. */
const toTlsOptions = (ca: string | undefined): NonNullable<RedisOptions['tls']> => ({
  rejectUnauthorized: true,
  ...(ca !== undefined && { ca }),
})

/** Returns true if the server refuses writes, because a failover has made it the replica of another server. */
const isDemoted = (error: Error): boolean => error.message.startsWith('READONLY')

/** The delays double up to about a second. The random part spreads the reconnections of many processes. */
const computeRetryDelayMs = (retries: number): number =>
  Math.min(50 * 2 ** Math.min(retries, 5), 1_000) + Math.random() * 100
