import type { RedisOptions } from 'ioredis'

/** A connection to each topology (one server, Sentinels, a cluster) takes these options. */
export type ConnectionOptions = Pick<
  RedisOptions,
  | 'commandTimeout'
  | 'connectTimeout'
  | 'enableAutoPipelining'
  | 'enableOfflineQueue'
  | 'maxRetriesPerRequest'
  | 'autoResubscribe'
  | 'autoResendUnfulfilledCommands'
  | 'lazyConnect'
  | 'retryStrategy'
>
