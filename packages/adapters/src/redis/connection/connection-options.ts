import type { RedisOptions } from 'ioredis'

/** These options apply to a connection of any form. */
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
