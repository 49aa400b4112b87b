import type { RedisOptions } from 'ioredis'

/** What a connection is like, whatever it leads to. */
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
