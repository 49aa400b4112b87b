import { section, Text, Whole } from '../variable-types.ts'

// These variables name the servers. MySQL stores the truth, Redis carries hints.

export const databaseSection = section('MySQL', {
  url: Text('DATABASE_URL', {
    description: 'MySQL 8.4+ or MariaDB 10.11+ stores the truth at this address.',
    expected: 'a URL like mysql://user:password@host:port/database',
    pattern: '^(mysql|mariadb)://[^\\s/]+/[^\\s/]+$',
    example: 'mysql://engineer_chat:password@127.0.0.1:3306/engineer_chat',
    secret: true,
  }),
  poolSize: Whole('DATABASE_POOL_SIZE', {
    description: 'One process keeps at most this many connections to MySQL.',
    unit: 'connections',
    default: 10,
    minimum: 1,
    maximum: 1_000,
    example: '10',
  }),
})

export const redisSection = section('Redis', {
  url: Text('REDIS_URL', {
    description:
      'Redis 7+ or Valkey carries the queue and hints, which may be lost at any moment. It must run with `noeviction`. The URL names one server, the primary that Sentinels name (`redis+sentinel://[user:password@]host:26379,…/NAME[/db][?sentinel_password=…&sentinel_username=…]`), or a cluster (`redis+cluster://[user:password@]host:6379,…`). `rediss` selects TLS.',
    expected:
      'a URL like redis://host:port, redis+sentinel://host:26379,host:26379/mymaster or redis+cluster://host:6379,host:6379, with user:password@ before the first host and rediss for TLS',
    pattern: '^rediss?(\\+(sentinel|cluster))?://\\S+$',
    example: 'redis://127.0.0.1:6379',
    secret: true,
  }),
  namespace: Text('REDIS_NAMESPACE', {
    description: 'Every key and channel begins with this name. All processes of one installation share it.',
    expected: 'lower-case letters, digits, - and _',
    pattern: '^[a-z0-9_-]{1,64}$',
    default: 'ec',
    example: 'ec',
  }),
  factsCacheSeconds: Whole('FACTS_CACHE_TTL', {
    description:
      'Redis keeps the facts of an event and its latest summary for prompts for this time. Each use compares them with MySQL, so they are never out of date. 0 means that each prompt reads them from MySQL.',
    unit: 's',
    default: 600,
    minimum: 0,
    maximum: 86_400,
    example: '600',
  }),
})
