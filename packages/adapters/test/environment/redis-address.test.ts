import { parseRedisAddress } from '@engineer-chat/adapters/environment'
import t from 'tap'
import { catchEnvironmentError, VALID_ENV } from './good-environment.ts'

t.test('[CONF7] an address of one server contains its host, database and login', async (t) => {
  const single = { topology: 'single', nodes: [{ host: 'h', port: 1 }], db: 2, tls: false, password: 'p' }
  t.same(parseRedisAddress('redis://:p@h:1/2'), single)
  t.same(parseRedisAddress('rediss://u:p%40:q@[::1]/'), {
    topology: 'single',
    nodes: [{ host: '::1', port: 6_379 }],
    db: 0,
    tls: true,
    username: 'u',
    password: 'p@:q',
  })
})

t.test('[CONF7] an address of Sentinels names them, the primary, its database and both passwords', async (t) => {
  t.same(parseRedisAddress('rediss+sentinel://u:p%40s@a,[::1]:5/main/3?sentinel_password=x&sentinel_username=y'), {
    topology: 'sentinel',
    nodes: [
      { host: 'a', port: 26_379 },
      { host: '::1', port: 5 },
    ],
    tls: true,
    username: 'u',
    password: 'p@s',
    master: 'main',
    db: 3,
    sentinel: { username: 'y', password: 'x' },
  })
})

t.test('[CONF7] missing parts of an address of Sentinels have defaults', async (t) => {
  t.same(parseRedisAddress('redis+sentinel://a:1/main'), {
    topology: 'sentinel',
    nodes: [{ host: 'a', port: 1 }],
    tls: false,
    master: 'main',
    db: 0,
    sentinel: {},
  })
})

t.test('[CONF7] an address of a cluster names nodes and a password', async (t) => {
  const cluster = { topology: 'cluster', nodes: ['a', 'b'].map((host) => ({ host, port: 6_379 })), tls: false }
  t.same(parseRedisAddress('redis+cluster://a,b'), cluster)
  t.same(parseRedisAddress('redis+cluster://:p:w@a,b:6379/0'), { ...cluster, password: 'p:w' })
})

for (const [url, problem] of [
  ['redis://:hunter2@a:1,b:2', 'names no single server: several hosts need redis+sentinel:// or redis+cluster://'],
  ['redis://:hunter2@a:1/x', 'does not name a database by its number'],
  ['redis://:hunter2@a:1?family=6', 'has options'],
  ['redis+sentinel://:hunter2@a:1', 'does not name the primary after the hosts'],
  ['redis+sentinel://:hunter2@a:1/m/x', 'does not name the primary after the hosts'],
  ['redis+sentinel://:hunter2@a:1/m?hunter2=1', 'has options other than sentinel_username and sentinel_password'],
  ['redis+cluster://:hunter2@a:1/1', 'names a database, which a cluster does not have'],
  ['redis+cluster://:hunter2@a:1,', 'says no host or host:port in place 2'],
  ['redis+cluster://:hunter2@a:1,b:65536', 'says no host or host:port in place 2'],
  ['redis+cluster://:hunter2@a:1?x=1', 'has options'],
  ['redis+cluster://:%zz@a:1', 'has a % that is not followed by two hexadecimal digits'],
  ['redis+cluster://:hunter2/x@a:1', 'says no host or host:port in place 1'],
  ['redis+ring://:hunter2@a:1', 'is wrong'],
] as const) {
  t.test(
    `[CONF7] a wrong address is refused, and the error names the problem but no part of the address: ${url}`,
    async (t) => {
      const { variables, message } = catchEnvironmentError({ ...VALID_ENV, REDIS_URL: url })
      t.strictSame(variables, ['REDIS_URL'])
      t.match(message, `REDIS_URL ${problem}; expected a URL like redis://host:port`)
      t.match(message, 'example: REDIS_URL=redis://127.0.0.1:6379')
      t.notMatch(message, /hunter2/)
    },
  )
}
