import { readFileSync } from 'node:fs'
import { parseDatabaseAddress, readConfig, toDatabaseTls, toRedisAddress } from '@engineer-chat/adapters/environment'
import { canCreateCertificates, createAuthority } from '@engineer-chat/local-stack'
import t from 'tap'
import { catchEnvironmentError, VALID_ENV } from './good-environment.ts'

t.test('[TLS4] an address of MySQL names account, server and database', async (t) => {
  t.same(parseDatabaseAddress('mysql://u:p%40%3A@h:3307/d'), {
    host: 'h',
    port: 3_307,
    user: 'u',
    password: 'p@:',
    database: 'd',
  })
  t.match(parseDatabaseAddress('mariadb://u@[::1]/d'), { host: '::1', port: 3_306, password: '' })
})

for (const [url, problem] of [
  [
    'mysql://u:hunter2@h/d?ssl-mode=REQUIRED',
    'has an option for TLS, which is set by DATABASE_TLS and DATABASE_CA_FILE',
  ],
  ['mysql://u:hunter2@h/d?ssl={"ca":"hunter2"}', 'has an option for TLS, which is set by DATABASE_TLS'],
  ['mysql://u:hunter2@h/d?sslmode=verify-full', 'has an option for TLS, which is set by DATABASE_TLS'],
  ['mysql://u:hunter2@h/d?useSSL=true&x=/hunter2', 'has an option for TLS, which is set by DATABASE_TLS'],
  [
    'mysql://u:hunter2@h/d?connectionLimit=5',
    'has an option for the number of connections, which is set by DATABASE_POOL_SIZE',
  ],
  ['mysql://u:hunter2@h/d?multipleStatements=true', 'has options, and none is known'],
  ['mysql://u:hunter2@h/d?hunter2', 'has options, and none is known'],
  ['mysql://u:p@h/d#hunter2', 'has a ? or # in it'],
  ['mysql://u:hunter2@h', 'does not name one database after the host'],
  ['mysql://u:hunter2@h/d/e', 'does not name one database after the host'],
  ['mysql://u:%zz-hunter2@h/d', 'has a % that is not followed by two hexadecimal digits'],
  ['mysql://u:p?hunter2@h/d', 'is no URL'],
] as const) {
  for (const name of ['DATABASE_URL', 'DATABASE_ADMIN_URL']) {
    t.test(`[TLS4] a wrong ${name} is refused, and the error shows no part of it: ${url}`, async (t) => {
      const { variables, message } = catchEnvironmentError({ ...VALID_ENV, [name]: url }, ['database', 'databaseAdmin'])
      t.strictSame(variables, [name])
      t.match(message, `${name} ${problem}`)
      t.notMatch(message, /hunter2/)
    })
  }
}

for (const [url, problem] of [
  ['mysql://root@127.0.0.1/engineer_chat', 'names the account of DATABASE_URL; expected an account that may make'],
  ['mysql://admin@127.0.0.1/other', 'names another database than DATABASE_URL; expected the same database'],
] as const) {
  t.test(
    `[ACCOUNT1] the administrator’s address must name another account and the same database: ${url}`,
    async (t) => {
      const { variables, message } = catchEnvironmentError({ ...VALID_ENV, DATABASE_ADMIN_URL: url }, [
        'database',
        'databaseAdmin',
      ])
      t.strictSame(variables, ['DATABASE_ADMIN_URL'])
      t.match(message, `DATABASE_ADMIN_URL ${problem}`)
    },
  )
}

t.test('[ACCOUNT1] no long-running process reads the administrator’s address', async (t) => {
  const config = readConfig({ ...VALID_ENV, DATABASE_ADMIN_URL: 'mysql://admin:hunter2@127.0.0.1/engineer_chat' })
  t.notMatch(JSON.stringify(config), /hunter2/)
})

for (const query of ['tls=true', 'ssl_cert_reqs=none', 'rejectUnauthorized=false', 'ca=/hunter2']) {
  for (const start of ['redis://:hunter2@h', 'redis+sentinel://:hunter2@h/m', 'redis+cluster://:hunter2@h'])
    t.test(
      `[TLS4] TLS options in ${start} are refused, and the error shows no part of the address: ${query}`,
      async (t) => {
        const { variables, message } = catchEnvironmentError({ ...VALID_ENV, REDIS_URL: `${start}?${query}` })
        t.strictSame(variables, ['REDIS_URL'])
        t.match(message, 'REDIS_URL has an option for TLS, which is set by rediss:// or REDIS_TLS, and REDIS_CA_FILE')
        t.notMatch(message, /hunter2/)
      },
    )
}

t.test('[TLS4] without a variable for TLS, connections are in plain text', async (t) => {
  const config = readConfig(VALID_ENV)
  t.equal(toDatabaseTls(config), undefined)
  t.match(toRedisAddress(config), { tls: false })
})

t.test('[TLS4] rediss:// and REDIS_TLS have the same effect', async (t) => {
  const readRedisAddress = (env: Record<string, string>) => toRedisAddress(readConfig({ ...VALID_ENV, ...env }))
  t.match(readRedisAddress({ REDIS_TLS: 'verify' }), { topology: 'single', tls: true })
  t.match(readRedisAddress({ REDIS_URL: 'rediss://h', REDIS_TLS: 'off' }), { topology: 'single', tls: true })
  t.match(readRedisAddress({ REDIS_URL: 'redis+cluster://h', REDIS_TLS: 'verify' }), { topology: 'cluster', tls: true })
  t.match(readRedisAddress({ REDIS_URL: 'redis+sentinel://h/m', REDIS_TLS: 'verify' }), {
    topology: 'sentinel',
    tls: true,
  })
})

for (const value of ['on', 'true', 'require', 'prefer', 'VERIFY']) {
  t.test(`[TLS4] only off and verify are accepted as a value, not ${value}`, async (t) => {
    t.strictSame(catchEnvironmentError({ ...VALID_ENV, DATABASE_TLS: value, REDIS_TLS: value }).variables, [
      'DATABASE_TLS',
      'REDIS_TLS',
    ])
  })
}

const skip = canCreateCertificates() ? false : 'this test needs openssl'

t.test('[TLS4] a CA file is read at start, and is refused if TLS is off', { skip }, async (t) => {
  const authority = await createAuthority()
  t.teardown(() => authority.remove())
  const files = { DATABASE_CA_FILE: authority.caFile, REDIS_CA_FILE: authority.caFile }
  const ca = readFileSync(authority.caFile, 'utf8').trim()

  const config = readConfig({ ...VALID_ENV, ...files, DATABASE_TLS: 'verify', REDIS_TLS: 'verify' })
  t.same([toDatabaseTls(config)?.ca, toRedisAddress(config).ca], [ca, ca])

  const { variables, message } = catchEnvironmentError({ ...VALID_ENV, ...files })
  t.strictSame(variables, ['DATABASE_CA_FILE', 'REDIS_CA_FILE'])
  t.match(message, 'DATABASE_CA_FILE is set, and DATABASE_TLS is off; expected DATABASE_TLS=verify beside it')
  t.match(message, 'REDIS_CA_FILE is set, and nothing selects TLS; expected REDIS_TLS=verify beside it, or rediss')
  t.match(toRedisAddress(readConfig({ ...VALID_ENV, REDIS_URL: 'rediss://h', REDIS_CA_FILE: authority.caFile })), {
    ca,
  })
})

t.test('[TLS5] TLS without a check of certificates stops the start', async (t) => {
  const env = { ...VALID_ENV, NODE_TLS_REJECT_UNAUTHORIZED: '0', DATABASE_TLS: 'verify' }
  const { variables, message } = catchEnvironmentError({ ...env, REDIS_URL: 'rediss://:hunter2@h' })
  t.strictSame(variables, ['DATABASE_TLS', 'REDIS_URL'])
  t.match(
    message,
    'DATABASE_TLS selects TLS, and NODE_TLS_REJECT_UNAUTHORIZED is 0, which turns off the default check of certificates',
  )
  t.notMatch(message, /hunter2/)
  readConfig({ ...env, DATABASE_TLS: 'off' })
  readConfig({ ...env, NODE_TLS_REJECT_UNAUTHORIZED: '1' })
})

for (const [file, problem] of [
  ['gone', "names a file that can't be read (ENOENT)"],
  ['', "names a file that can't be read (EISDIR)"],
  ['empty', 'names an empty file'],
  ['text', 'names a file without a certificate, or with a damaged one'],
  ['damaged', 'names a file without a certificate, or with a damaged one'],
  ['big', 'names a file of more than 1048576 bytes'],
] as const) {
  t.test(`[TLS4] a CA file that cannot be used stops the start: ${problem}`, async (t) => {
    const damaged = '-----BEGIN CERTIFICATE-----\nhunter2\n-----END CERTIFICATE-----'
    const folder = t.testdir({ empty: '\n', text: 'hunter2', damaged, big: 'hunter2\n'.repeat(140_000) })
    const env = { ...VALID_ENV, DATABASE_TLS: 'verify', DATABASE_CA_FILE: `${folder}/${file}` }
    const { variables, message } = catchEnvironmentError(env)
    t.strictSame(variables, ['DATABASE_CA_FILE'])
    t.match(message, `DATABASE_CA_FILE ${problem}; expected the path of a PEM file`)
    t.notMatch(message, /hunter2/)
  })
}
