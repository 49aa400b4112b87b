import {
  EnvironmentError,
  findFirstAdmin,
  findUnknownVariables,
  listVariables,
  parseRedisAddress,
  readConfig,
  renderConfigurationMarkdown,
  WORKER_SECTIONS,
  warnOfUnknownVariables,
  withSecretsFromFiles,
} from '@engineer-chat/adapters/environment'
import t from 'tap'

const SECRET = 'dGhlIHF1aWNrIGJyb3duIGZveCBqdW1wcyBvdmVy'
const GOOD = {
  DATABASE_URL: 'mysql://root@127.0.0.1:3306/engineer_chat',
  REDIS_URL: 'redis://127.0.0.1:6379',
  JWT_SECRET_KEY: SECRET,
}

function errorOf(env: NodeJS.ProcessEnv): EnvironmentError {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof EnvironmentError) return error
    throw error
  }
  throw new Error('The environment was accepted.')
}

t.test('[CONF1] what the specification names has its defaults, in sections that are typed and frozen', async (t) => {
  const config = readConfig(GOOD)
  t.match(config, {
    process: { mode: 'production', logLevel: 'info' },
    http: { port: 5007, host: '127.0.0.1', allowedOrigins: [] },
    rateLimits: { isEnabled: true, sendsPerMinute: 120, requestsPerMinute: 1200 },
    sessions: { maxRounds: 10 },
    prompts: { historyMessages: 20 },
    llm: { baseUrl: undefined },
  })
  t.ok([config, ...Object.values(config), config.http.allowedOrigins].every(Object.isFrozen))
})

t.test('[CONF1] a property is in the unit that its name says, whatever the variable is in', async (t) => {
  const { llm, voice, retention, signIn } = readConfig({ ...GOOD, VOICE_TIMEOUT: '7', LLM_BREAKER_OPEN: '8' })
  t.match([llm.timeoutMs, llm.breakerOpenMs, voice.timeoutMs], [30_000, 8_000, 7_000])
  t.match([retention.cleanupIntervalMs, signIn.accessTokenSeconds], [3_600_000, 900])
  for (const { section, property, variable } of listVariables()) {
    const { unit } = JSON.parse(JSON.stringify(variable.schema)) as { unit?: string }
    if (unit === 's') t.match(property, variable.factor === 1_000 ? /Ms$/ : /Seconds$/, `${section}.${property}`)
    if (unit === 'ms') t.match(property, /Ms$/, `${section}.${property}`)
    if (unit === 'bytes') t.match(property, /Bytes$/, `${section}.${property}`)
  }
})

t.test('[CONF1] no name stands twice in the table, and no name is that of a secret’s file', async (t) => {
  const names = listVariables().map(({ variable }) => variable.name)
  t.equal(new Set(names).size, names.length)
  t.notOk(names.some((name) => names.includes(`${name}_FILE`)))
})

t.test('[CONF1] every type of variable is read from its text; an empty one is one that is not set', async (t) => {
  const { http, rateLimits, llm } = readConfig({
    ...GOOD,
    PORT: ' 8080 ',
    RATE_LIMIT_ENABLED: 'FALSE',
    ALLOWED_ORIGINS: 'https://a.example, https://b.example',
    LLM_BASE_URL: 'http://127.0.0.1:11434/v1',
    LLM_MODEL: 'qwen3',
    LLM_TEMPERATURE: '0.3',
    LLM_EXTRA_BODY: '{"enable_thinking":false}',
    LLM_API_KEY: '',
    HOST: '',
  })
  t.match(http, { port: 8080, host: '127.0.0.1', allowedOrigins: ['https://a.example', 'https://b.example'] })
  t.match(rateLimits, { isEnabled: false })
  t.match(llm, { temperature: 0.3, extraBody: { enable_thinking: false } })
  t.equal(llm.apiKey, undefined)
})

t.test('[CONF2] one error lists every missing or wrong variable: which, what was expected, an example', async (t) => {
  const error = errorOf({
    PORT: '99999',
    RATE_LIMIT_ENABLED: 'maybe',
    LOG_LEVEL: 'loud',
    LLM_EXTRA_BODY: '{',
    NODE_ENV: 'test',
  })
  t.strictSame(error.variables.toSorted(), [
    'DATABASE_URL',
    'JWT_SECRET_KEY',
    'LLM_EXTRA_BODY',
    'LOG_LEVEL',
    'PORT',
    'RATE_LIMIT_ENABLED',
    'REDIS_URL',
  ])
  t.match(error.message, 'REDIS_URL is missing; expected a URL like redis://host:port')
  t.match(error.message, 'PORT is wrong: "99999"; expected a whole number from 0 to 65535; example: PORT=5007')
  t.match(error.message, 'RATE_LIMIT_ENABLED is wrong: "maybe"; expected true or false')
  t.match(error.message, 'LOG_LEVEL is wrong: "loud"; expected one of trace, debug')
})

t.test('[CONF2] numbers are whole where they have to be, and in their limits', async (t) => {
  for (const [name, text] of [
    ['ENGINEER_CHAT_MAX_ROUNDS', '0'],
    ['ENGINEER_CHAT_AI_TIMEOUT', '1.5'],
    ['WORKER_CONCURRENCY', 'ten'],
    ['LLM_TEMPERATURE', '3'],
    ['PORT', '0x10'],
  ] as const) {
    t.strictSame(errorOf({ ...GOOD, [name]: text }).variables, [name])
  }
})

t.test('[CONF2] an endpoint needs a model', async (t) => {
  t.match(errorOf({ ...GOOD, LLM_BASE_URL: 'https://llm.example/v1' }).message, 'LLM_MODEL is missing')
})

t.test('[CONF3] a secret of the wrong kind is named but never shown', async (t) => {
  const error = errorOf({
    DATABASE_URL: 'postgres://root:hunter2@db/x',
    REDIS_URL: 'hunter3',
    JWT_SECRET_KEY: 'hunter4',
  })
  t.strictSame(error.variables, ['DATABASE_URL', 'REDIS_URL', 'JWT_SECRET_KEY'])
  t.notMatch(error.message, /hunter/)
})

t.test('[CONF7] Redis is one server, what Sentinels name, or a cluster, taken apart', async (t) => {
  t.same(parseRedisAddress('redis://:p@h:1/2'), { form: 'single', url: 'redis://:p@h:1/2' })
  t.same(parseRedisAddress('rediss+sentinel://u:p%40s@a,[::1]:5/main/3?sentinel_password=x&sentinel_username=y'), {
    form: 'sentinel',
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
  t.same(parseRedisAddress('redis+sentinel://a:1/main'), {
    ...{ form: 'sentinel', nodes: [{ host: 'a', port: 1 }], tls: false, master: 'main', db: 0, sentinel: {} },
  })
  const cluster = { form: 'cluster', nodes: ['a', 'b'].map((host) => ({ host, port: 6_379 })), tls: false }
  t.same(parseRedisAddress('redis+cluster://a,b'), cluster)
  t.same(parseRedisAddress('redis+cluster://:p:w@a,b:6379/0'), { ...cluster, password: 'p:w' })
})

t.test('[CONF7] a wrong address is refused with what is wrong about it, and shows no part of it', async (t) => {
  for (const [url, what] of [
    ['redis://:hunter2@a:1,b:2', 'names no single server: several hosts need redis+sentinel:// or redis+cluster://'],
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
    const error = errorOf({ ...GOOD, REDIS_URL: url })
    t.strictSame(error.variables, ['REDIS_URL'], url)
    t.match(error.message, `REDIS_URL ${what}; expected a URL like redis://host:port`)
    t.match(error.message, 'example: REDIS_URL=redis://127.0.0.1:6379')
    t.notMatch(error.message, /hunter2/)
  }
})

t.test('[CONF4] a known or guessable secret never starts in production', async (t) => {
  const guessable = [
    'EXAMPLE-run-openssl-rand-base64-48-for-your-own',
    'change-me-change-me-change-me-change-me',
    'a'.repeat(64),
    '0123456789012345678901234567890123456789',
    'your-super-jwt-secret-key-of-32-characters',
  ]
  for (const JWT_SECRET_KEY of guessable) {
    const error = errorOf({ ...GOOD, JWT_SECRET_KEY })
    t.match(error.message, 'JWT_SECRET_KEY is a known or guessable secret')
    t.notOk(error.message.includes(`is a known or guessable secret: ${JWT_SECRET_KEY}`))
    t.ok(readConfig({ ...GOOD, JWT_SECRET_KEY, NODE_ENV: 'development' }), 'outside of production it may')
  }
  t.strictSame(errorOf({ ...GOOD, JWT_SECRET_KEY: 'short', NODE_ENV: 'development' }).variables, ['JWT_SECRET_KEY'])
})

t.test('[CONF5] a worker is not asked for the secret that signs tokens', async (t) => {
  const { JWT_SECRET_KEY: _, ...rest } = GOOD
  const config = readConfig(rest, WORKER_SECTIONS)
  t.match(config, { worker: { concurrency: 50, port: 0 } })
  t.notOk('signIn' in config)
})

const FIRST_ADMIN = { ADMIN_USERNAME: 'admin', ADMIN_PASSWORD_FILE: '/nowhere' }

t.test('[CONF6] every variable is in the reference, described, with an example that is accepted', async (t) => {
  const page = renderConfigurationMarkdown()
  for (const { variable } of listVariables()) {
    const { name } = variable
    const notes = JSON.parse(JSON.stringify(variable.schema)) as { description: string; example: string; secret?: true }
    t.ok(page.includes(`| \`${name}\` | ${notes.description}`), name)
    t.equal(page.includes(`Or \`${name}_FILE\``), notes.secret === true)
    const env = { ...GOOD, LLM_MODEL: 'm', NODE_ENV: 'test', ...FIRST_ADMIN, [name]: notes.example }
    t.ok(readConfig(env), `${name}=${notes.example}`)
  }
})

const SECRETS = [
  ...['DATABASE_URL', 'REDIS_URL', 'JWT_SECRET_KEY', 'JWT_PREVIOUS_SECRET_KEYS', 'LLM_API_KEY', 'VOICE_API_KEY'],
] as const

t.test('[CONF8] every secret may come from a file; space and line breaks around it are removed', async (t) => {
  const values: Record<string, string> = {
    ...GOOD,
    JWT_PREVIOUS_SECRET_KEYS: `${SECRET}x`,
    LLM_API_KEY: 'k1',
    VOICE_API_KEY: 'k2',
  }
  const folder = t.testdir(Object.fromEntries(SECRETS.map((name) => [name, `${values[name]}\r\n`])))
  const env = Object.fromEntries(SECRETS.map((name) => [`${name}_FILE`, `${folder}/${name}`]))
  const config = readConfig(env)
  t.same(config, readConfig(values))
  t.match([config.signIn.secret, config.llm.apiKey, config.voice.apiKey], [SECRET, 'k1', 'k2'])
  const secret = listVariables().filter(({ variable }) => 'secret' in variable.schema)
  t.same(secret.map(({ variable }) => variable.name).toSorted(), [...SECRETS].toSorted(), 'these are all')
})

t.test(
  '[CONF8] a secret that is set twice, or whose file is no good, is an error that shows nothing of it',
  async (t) => {
    const folder = t.testdir({ good: SECRET, empty: ' \n', wrong: 'hunter2', big: 'hunter2'.repeat(10_000) })
    for (const [env, what] of [
      [
        { JWT_SECRET_KEY: SECRET, JWT_SECRET_KEY_FILE: `${folder}/good` },
        'JWT_SECRET_KEY_FILE is set, and so is JWT_SECRET_KEY; expected one',
      ],
      [{ JWT_SECRET_KEY_FILE: `${folder}/hunter2` }, "JWT_SECRET_KEY_FILE names a file that can't be read (ENOENT)"],
      [{ JWT_SECRET_KEY_FILE: folder }, "JWT_SECRET_KEY_FILE names a file that can't be read (EISDIR)"],
      [{ JWT_SECRET_KEY_FILE: `${folder}/empty` }, 'JWT_SECRET_KEY_FILE names an empty file'],
      [{ JWT_SECRET_KEY_FILE: `${folder}/big` }, 'JWT_SECRET_KEY_FILE names a file of more than 65536 bytes'],
      [{ JWT_SECRET_KEY_FILE: `${folder}/wrong` }, 'JWT_SECRET_KEY is wrong; expected at least 32 random characters'],
    ] as const) {
      const { message } = errorOf({ DATABASE_URL: GOOD.DATABASE_URL, REDIS_URL: GOOD.REDIS_URL, ...env })
      t.match(message, what)
      t.notMatch(message, /hunter2/)
      t.notOk(message.includes(SECRET) || message.includes(folder))
    }
  },
)

t.test('[CONF8] so may the keys that a models file names', async (t) => {
  const folder = t.testdir({ key: 'sk-1\n' })
  const env = withSecretsFromFiles({ A_KEY_FILE: `${folder}/key`, B_KEY: 'sk-2' }, ['A_KEY', 'B_KEY', 'C_KEY'])
  t.match([env.A_KEY, env.B_KEY, env.C_KEY], ['sk-1', 'sk-2', undefined])
  t.throws(() => withSecretsFromFiles({ A_KEY_FILE: `${folder}/gone` }, ['A_KEY']), EnvironmentError)
})

t.test('[CONF9] a variable with a prefix of ours that nobody reads is found, with the nearest name', async (t) => {
  const find = (env: Record<string, string>, alsoRead: string[] = []) =>
    findUnknownVariables({ ...GOOD, ...env }, alsoRead).map(({ name, nearest }) => `${name} ${nearest}`)
  t.same(find({ LLM_MODLE: 'm', RATE_LIMIT_SEND_PER_MINUTE: '5', ENGINEER_CHAT_AI_TIMEOUTS: '3', WS_HEARTBEAT: '1' }), [
    'ENGINEER_CHAT_AI_TIMEOUTS ENGINEER_CHAT_AI_TIMEOUT',
    'LLM_MODLE LLM_MODEL',
    'RATE_LIMIT_SEND_PER_MINUTE RATE_LIMIT_SENDS_PER_MINUTE',
    'WS_HEARTBEAT WS_HEARTBEAT_MS',
  ])
  t.same(find({ LLM_MODEL_FILE: '/x', JWT_SECRET_KEYS_FILE: '/x' }), [
    'JWT_SECRET_KEYS_FILE JWT_SECRET_KEY_FILE',
    'LLM_MODEL_FILE LLM_MODELS_FILE',
  ])
  t.same(
    find({ LLM_DEEPSEEK_KEY: 'sk-1', LLM_QWEN_KEY_FILE: '/x' }, ['LLM_DEEPSEEK_KEY', 'LLM_QWEN_KEY']),
    [],
    'keys of a models file',
  )
})

t.test('[CONF9] what other software reads, or a container runtime sets, is left alone', async (t) => {
  const others = {
    ...{ NODE_OPTIONS: '--inspect', NODE_EXTRA_CA_CERTS: '/x', HTTP_PROXY: 'http://p', LOG_DIR: '/x', HOSTNAME: 'h' },
    ...{ REDIS_PASSWORD: 'p', DATABASE_NAME: 'n', REDIS_PORT: '6379', PORTS: '1', LLM_MODLE: '' },
    ...{ WORKER_SERVICE_HOST: '10.0.0.1', WORKER_SERVICE_PORT_HTTP: '80', LLM_PORT: 'tcp://10.0.0.1:80' },
    ...{ LLM_PORT_80_TCP: 'tcp://10.0.0.1:80', LLM_PORT_80_TCP_ADDR: '10.0.0.1' },
  }
  t.same(findUnknownVariables({ ...GOOD, ...others }), [])
})

t.test('[CONF9] it is warned of at start, without its value', async (t) => {
  const lines: unknown[] = []
  const warn = (event: string, fields = {}) => void lines.push([event, fields])
  warnOfUnknownVariables({ LLM_APIKEY: 'hunter2' }, [], { info: () => {}, warn, error: () => {} })
  t.same(lines, [['EngineerChat.variable_not_read', { variable: 'LLM_APIKEY', nearest: 'LLM_API_KEY' }]])
})

t.test('[ADMIN5] the name and the file of the first administrator go together', async (t) => {
  for (const [given, missing] of [Object.keys(FIRST_ADMIN), Object.keys(FIRST_ADMIN).toReversed()]) {
    const error = errorOf({ ...GOOD, [given ?? '']: given === 'ADMIN_USERNAME' ? 'ada' : '/nowhere' })
    t.strictSame(error.variables, [missing])
    t.match(error.message, `${missing} is missing, and ${given} is set; expected `)
  }
  t.strictSame(errorOf({ ...GOOD, ...FIRST_ADMIN, ADMIN_USERNAME: 'Ada B' }).variables, ['ADMIN_USERNAME'])
  t.equal(findFirstAdmin(readConfig(GOOD)), undefined)
})

t.test('[ADMIN5] a password file is read whole or refused, and shown nowhere', async (t) => {
  const read = async (content: string, env = {}) => {
    const ADMIN_PASSWORD_FILE = `${t.testdir({ password: content })}/password`
    const config = readConfig({ ...GOOD, ADMIN_USERNAME: 'ada', ADMIN_PASSWORD_FILE, ...env })
    return findFirstAdmin(config)?.readPassword()
  }
  const good = ['tundra', 'kettle', '7'].join(' ')
  for (const end of ['', '\n', '\r\n']) t.equal(await read(good + end), good)
  t.equal(await read(good.slice(0, 10)), good.slice(0, 10))
  t.equal((await read('x1y2z3q4'.repeat(32)))?.length, 256)
  for (const [content, what] of [
    ['', 'names a file that is empty'],
    ['\n', 'names a file that is empty'],
    [good.slice(0, 9), 'names a file whose password is too short or too long'],
    [`${'x1y2z3q4'.repeat(32)}x`, 'names a file whose password is too short or too long'],
    [`${good}\n${good}`, 'names a file that holds more than one line'],
    [good.repeat(1_000), 'names a file that is larger than 4096 bytes'],
    ['change-me-please', 'names a file whose password is easy to guess'],
    ['Password12345', 'names a file whose password is easy to guess'],
    ['ada-ada-ada-7', 'names a file whose password is easy to guess'],
    ['abababababab', 'names a file whose password is easy to guess'],
  ] as const) {
    const error = await read(content).catch((error: unknown) => error)
    t.ok(error instanceof EnvironmentError, what)
    const { message } = error as EnvironmentError
    t.match(message, `ADMIN_PASSWORD_FILE ${what}; expected the path of a file`)
    t.match(message, 'example: ADMIN_PASSWORD_FILE=/run/secrets/admin_password')
    t.notOk(content.length > 3 && message.includes(content.slice(0, 9)))
  }
  const gone = read(good, { ADMIN_PASSWORD_FILE: '/nowhere' })
  await t.rejects(gone, { message: /ADMIN_PASSWORD_FILE names a file that can't be read \(ENOENT\)/ })
})
