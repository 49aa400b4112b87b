import { Certificates, Choice, createSection, optional, TextValue, WholeNumber } from '../variable-types.ts'

// These variables name the servers. MySQL stores the truth, Redis carries hints.

const DATABASE_URL_PATTERN = '^(mysql|mariadb)://\\S+$'

export const databaseSection = createSection('MySQL', {
  url: TextValue('DATABASE_URL', {
    description:
      'The database at this URL stores everything: MySQL 8.4+ or MariaDB 10.11+. The account in the URL needs SELECT, INSERT, UPDATE and DELETE. The URL has no options: TLS is set by `DATABASE_TLS`.',
    expected: 'a URL like mysql://user:password@host:port/database',
    pattern: DATABASE_URL_PATTERN,
    example: 'mysql://engineer_chat:password@127.0.0.1:3306/engineer_chat',
    secret: true,
  }),
  tls: Choice('DATABASE_TLS', ['off', 'verify'], {
    description:
      'With `verify` every connection to MySQL uses TLS. A connection is refused unless the certificate is of a trusted authority and for the host of `DATABASE_URL`.',
    default: 'off',
    example: 'verify',
  }),
  ca: Certificates('DATABASE_CA_FILE', {
    description:
      "MySQL's certificate must come from these authorities. Without this file, the authorities that Node.js trusts are accepted.",
    expected: 'the path of a PEM file with the certificates of authorities',
    example: '/run/secrets/mysql-ca.pem',
  }),
  poolSize: WholeNumber('DATABASE_POOL_SIZE', {
    description: 'One process keeps at most this many connections to MySQL.',
    unit: 'connections',
    default: 10,
    minimum: 1,
    maximum: 1_000,
    example: '10',
  }),
})

export const databaseAdminSection = createSection("MySQL's administrator", {
  url: optional(
    TextValue('DATABASE_ADMIN_URL', {
      description:
        'The migration uses this account to change tables, and to create the account of `DATABASE_URL` with its password and the rights that it needs. The restore uses it, too; no long-running process reads it. It names the same database as `DATABASE_URL`.',
      expected: 'a URL like mysql://user:password@host:port/database',
      pattern: DATABASE_URL_PATTERN,
      example: 'mysql://root:password@127.0.0.1:3306/engineer_chat',
      secret: true,
    }),
  ),
})

export const redisSection = createSection('Redis', {
  url: TextValue('REDIS_URL', {
    description:
      'Redis 7+ or Valkey carries the queue and hints, which may be lost at any moment. It must run with `noeviction`. The URL names one server, the primary that Sentinels name (`redis+sentinel://[user:password@]host:26379,…/NAME[/db][?sentinel_password=…&sentinel_username=…]`), or a cluster (`redis+cluster://[user:password@]host:6379,…`). `rediss` selects TLS, as `REDIS_TLS=verify` does.',
    expected:
      'a URL like redis://host:port, redis+sentinel://host:26379,host:26379/mymaster or redis+cluster://host:6379,host:6379, with user:password@ before the first host and rediss for TLS',
    pattern: '^rediss?(\\+(sentinel|cluster))?://\\S+$',
    example: 'redis://127.0.0.1:6379',
    secret: true,
  }),
  tls: Choice('REDIS_TLS', ['off', 'verify'], {
    description:
      'With `verify`, and with `rediss` in `REDIS_URL` in any case, every connection to Redis, to Sentinels and to the servers that they or a cluster announce uses TLS. Each is refused unless the certificate is of a trusted authority and for the host that was named or announced.',
    default: 'off',
    example: 'verify',
  }),
  ca: Certificates('REDIS_CA_FILE', {
    description:
      "Redis' certificate must come from these authorities. Without this file, the authorities that Node.js trusts are accepted.",
    expected: 'the path of a PEM file with the certificates of authorities',
    example: '/run/secrets/redis-ca.pem',
  }),
  namespace: TextValue('REDIS_NAMESPACE', {
    description:
      'Every key and channel in Redis begins with this name. All processes of one installation use the same one.',
    expected: 'lower-case letters, digits, - and _',
    pattern: '^[a-z0-9_-]{1,64}$',
    default: 'ec',
    example: 'ec',
  }),
  factsCacheSeconds: WholeNumber('FACTS_CACHE_TTL', {
    description:
      'Redis caches the facts and the latest summary of an event, which prompts use, for this time. Each use compares their version with MySQL, so they are never out of date. 0 means that each prompt reads them from MySQL.',
    unit: 's',
    default: 600,
    minimum: 0,
    maximum: 86_400,
    example: '600',
  }),
})
