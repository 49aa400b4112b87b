import {
  configurationMarkdown,
  Environment,
  EnvironmentError,
  readEnvironment,
  redisAddress,
  WorkerEnvironment,
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
    readEnvironment(env)
  } catch (error) {
    if (error instanceof EnvironmentError) return error
    throw error
  }
  throw new Error('The environment was accepted.')
}

t.test('[CONF1] what the specification names has its defaults, and the value is typed and frozen', async (t) => {
  const environment = readEnvironment(GOOD)
  t.match(environment, {
    ENGINEER_CHAT_MAX_ROUNDS: 10,
    ENGINEER_CHAT_AI_TIMEOUT: 30,
    ENGINEER_CHAT_SESSION_CLEANUP_INTERVAL: 3600,
    ENGINEER_CHAT_CONTEXT_HISTORY_LIMIT: 20,
    PORT: 5007,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    NODE_ENV: 'production',
    RATE_LIMIT_ENABLED: true,
    RATE_LIMIT_SENDS_PER_MINUTE: 120,
    RATE_LIMIT_REQUESTS_PER_MINUTE: 1200,
    ALLOWED_ORIGINS: [],
  })
  t.ok(Object.isFrozen(environment))
  t.notOk('LLM_BASE_URL' in environment)
})

t.test('[CONF1] every type of variable is read from its text; an empty one is one that is not set', async (t) => {
  const environment = readEnvironment({
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
  t.match(environment, {
    PORT: 8080,
    RATE_LIMIT_ENABLED: false,
    ALLOWED_ORIGINS: ['https://a.example', 'https://b.example'],
    LLM_TEMPERATURE: 0.3,
    LLM_EXTRA_BODY: { enable_thinking: false },
    HOST: '127.0.0.1',
  })
  t.notOk('LLM_API_KEY' in environment)
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
  t.same(redisAddress('redis://:p@h:1/2'), { form: 'single', url: 'redis://:p@h:1/2' })
  t.same(redisAddress('rediss+sentinel://u:p%40s@a,[::1]:5/main/3?sentinel_password=x&sentinel_username=y'), {
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
  t.same(redisAddress('redis+sentinel://a:1/main'), {
    ...{ form: 'sentinel', nodes: [{ host: 'a', port: 1 }], tls: false, master: 'main', db: 0, sentinel: {} },
  })
  const cluster = { form: 'cluster', nodes: ['a', 'b'].map((host) => ({ host, port: 6_379 })), tls: false }
  t.same(redisAddress('redis+cluster://a,b'), cluster)
  t.same(redisAddress('redis+cluster://:p:w@a,b:6379/0'), { ...cluster, password: 'p:w' })
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
    (Environment.properties.JWT_SECRET_KEY as unknown as { example: string }).example,
    'change-me-change-me-change-me-change-me',
    'a'.repeat(64),
    '0123456789012345678901234567890123456789',
    'your-super-jwt-secret-key-of-32-characters',
  ]
  for (const JWT_SECRET_KEY of guessable) {
    const error = errorOf({ ...GOOD, JWT_SECRET_KEY })
    t.match(error.message, 'JWT_SECRET_KEY is a known or guessable secret')
    t.notOk(error.message.includes(`is a known or guessable secret: ${JWT_SECRET_KEY}`))
    t.ok(readEnvironment({ ...GOOD, JWT_SECRET_KEY, NODE_ENV: 'development' }), 'outside of production it may')
  }
  t.strictSame(errorOf({ ...GOOD, JWT_SECRET_KEY: 'short', NODE_ENV: 'development' }).variables, ['JWT_SECRET_KEY'])
})

t.test('[CONF5] a worker is not asked for the secret that signs tokens', async (t) => {
  const { JWT_SECRET_KEY: _, ...rest } = GOOD
  t.match(readEnvironment(rest, WorkerEnvironment), { WORKER_CONCURRENCY: 50, WORKER_PORT: 0 })
})

t.test('[CONF6] every variable is in the reference, described, with an example that is accepted', async (t) => {
  const page = configurationMarkdown()
  for (const [name, schema] of Object.entries(Environment.properties)) {
    const { description, example } = schema as unknown as { description: string; example: string }
    t.ok(page.includes(`| \`${name}\` | ${description}`), name)
    t.ok(readEnvironment({ ...GOOD, LLM_MODEL: 'm', NODE_ENV: 'test', [name]: example }), `${name}=${example}`)
  }
})
