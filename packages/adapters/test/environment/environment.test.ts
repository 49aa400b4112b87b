import {
  type Config,
  findUnknownVariables,
  listVariables,
  readConfig,
  renderConfigurationMarkdown,
  toPromptSettings,
  WORKER_SECTIONS,
  warnOfUnknownVariables,
} from '@engineer-chat/adapters/environment'
import t from 'tap'
import { catchEnvironmentError, FIRST_ADMIN, VALID_ENV } from './good-environment.ts'

t.test(
  '[CONF1] the variables of the specification have their defaults, in sections that are typed and frozen',
  async (t) => {
    const config = readConfig(VALID_ENV)
    t.match(config, {
      process: { mode: 'production', logLevel: 'info' },
      http: { port: 5007, host: '127.0.0.1', allowedOrigins: { length: 0 } },
      rateLimits: { isEnabled: true, sendsPerMinute: 120, requestsPerMinute: 1200 },
      sessions: { maxRounds: 10 },
      prompts: { historyMessages: 20 },
      llm: { baseUrl: undefined },
    })
    t.ok([config, ...Object.values(config), config.http.allowedOrigins].every(Object.isFrozen))
  },
)

t.test('[CONF1] a number is converted from the unit of its variable to the unit of its property', async (t) => {
  const { llm, voice, retention, signIn } = readConfig({ ...VALID_ENV, VOICE_TIMEOUT: '7', LLM_BREAKER_OPEN: '8' })
  t.match([llm.timeoutMs, llm.breakerOpenMs, voice.timeoutMs], [30_000, 8_000, 7_000])
  t.match([retention.cleanupIntervalMs, signIn.accessTokenSeconds], [3_600_000, 900])
})

t.test('[CONF1] a property’s name ends with its unit', async (t) => {
  for (const { section, property, variable } of listVariables()) {
    const { unit }: { unit?: string } = JSON.parse(JSON.stringify(variable.schema))
    if (unit === 's') t.match(property, variable.factor === 1_000 ? /Ms$/ : /Seconds$/, `${section}.${property}`)
    if (unit === 'ms') t.match(property, /Ms$/, `${section}.${property}`)
    if (unit === 'bytes') t.match(property, /Bytes$/, `${section}.${property}`)
  }
})

t.test('[CONF1] no name occurs twice in the table, and no name is another name with `_FILE`', async (t) => {
  const names = listVariables().map(({ variable }) => variable.name)
  t.equal(new Set(names).size, names.length)
  t.notOk(names.some((name) => names.includes(`${name}_FILE`)))
})

t.test('[CONF1] every type of variable is read from its text; an empty variable counts as not set', async (t) => {
  const { http, rateLimits, llm } = readConfig({
    ...VALID_ENV,
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

t.test('[CONF2] one error lists every missing or wrong variable, with the expected value and an example', async (t) => {
  const error = catchEnvironmentError({
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
  t.match(
    error.message,
    'PORT is wrong: "99999"; expected a whole number from 0 to 65535, and none that browsers refuse',
  )
  t.match(error.message, 'RATE_LIMIT_ENABLED is wrong: "maybe"; expected true or false')
  t.match(error.message, 'LOG_LEVEL is wrong: "loud"; expected one of trace, debug')
})

for (const [name, text] of [
  ['ENGINEER_CHAT_MAX_ROUNDS', '0'],
  ['ENGINEER_CHAT_AI_TIMEOUT', '1.5'],
  ['WORKER_CONCURRENCY', 'ten'],
  ['LLM_TEMPERATURE', '3'],
  ['PORT', '0x10'],
] as const) {
  t.test(
    `[CONF2] a number is refused if it is outside its limits, or is not whole where it must be: ${name}=${text}`,
    async (t) => {
      t.strictSame(catchEnvironmentError({ ...VALID_ENV, [name]: text }).variables, [name])
    },
  )
}

for (const name of ['PORT', 'WORKER_PORT']) {
  t.test(`[CONF11] a port that browsers and fetch refuse is refused: ${name}`, async (t) => {
    const { message } = catchEnvironmentError({ ...VALID_ENV, [name]: '6000' }, ['http', 'worker'])
    t.match(message, new RegExp(`${name} is wrong: "6000"; expected a whole number .* none that browsers refuse`))
    for (const port of ['0', '5999', '6001', '80', '443'])
      t.ok(readConfig({ ...VALID_ENV, [name]: port }, ['http', 'worker']), `${port} is accepted`)
  })
}

t.test(
  '[SRC3] ENGINEER_CHAT_CONTEXT_SOURCES lists kinds of sources, or only `none`; other names are refused',
  async (t) => {
    const read = (names?: string) => {
      const env = { ...VALID_ENV, ...(names !== undefined && { ENGINEER_CHAT_CONTEXT_SOURCES: names }) }
      return [...toPromptSettings(readConfig(env)).sourceKinds]
    }
    t.same(read(), ['event', 'summary', 'change', 'pin', 'message', 'document'])
    t.same(read('pin, event'), ['event', 'pin'])
    t.same(read('none'), [])
    for (const names of ['none,event', 'events', 'event,,pin', 'all']) {
      const error = catchEnvironmentError({ ...VALID_ENV, ENGINEER_CHAT_CONTEXT_SOURCES: names })
      t.match(error.message, /ENGINEER_CHAT_CONTEXT_SOURCES .*expected some of event, summary, .*or none alone/)
    }
  },
)

t.test('[CONF2] an endpoint needs a model', async (t) => {
  t.match(
    catchEnvironmentError({ ...VALID_ENV, LLM_BASE_URL: 'https://llm.example/v1' }).message,
    'LLM_MODEL is missing',
  )
})

t.test('[DOC8] a document fits into a request, because its limit is at most half the limit of a body', async (t) => {
  const createEnv = (document: string, body: string) => ({
    ...VALID_ENV,
    DOCUMENT_MAX_BYTES: document,
    HTTP_MAX_BODY_BYTES: body,
  })
  t.match(readConfig(createEnv('100000', '200000')), {
    documents: { maxBytes: 100_000 },
    http: { maxBodyBytes: 200_000 },
  })
  const error = catchEnvironmentError(createEnv('100001', '200000'))
  t.match(error, {
    variables: ['DOCUMENT_MAX_BYTES'],
    message:
      /DOCUMENT_MAX_BYTES is 100001, and HTTP_MAX_BODY_BYTES is 200000; expected at most half of HTTP_MAX_BODY_BYTES/,
  })
  t.match(catchEnvironmentError({ ...VALID_ENV, HTTP_MAX_BODY_BYTES: '65536' }), { variables: ['DOCUMENT_MAX_BYTES'] })
})

t.test('[CONF3] a secret of the wrong kind is named but never shown', async (t) => {
  const error = catchEnvironmentError({
    DATABASE_URL: 'postgres://root:hunter2@db/x',
    REDIS_URL: 'hunter3',
    JWT_SECRET_KEY: 'hunter4',
  })
  t.strictSame(error.variables, ['DATABASE_URL', 'REDIS_URL', 'JWT_SECRET_KEY'])
  t.notMatch(error.message, /hunter/)
})

for (const JWT_SECRET_KEY of [
  'EXAMPLE-run-openssl-rand-base64-48-for-your-own',
  'change-me-change-me-change-me-change-me',
  'a'.repeat(64),
  '0123456789012345678901234567890123456789',
  'your-super-jwt-secret-key-of-32-characters',
]) {
  t.test(`[CONF4] a known or guessable secret is accepted only outside production: ${JWT_SECRET_KEY}`, async (t) => {
    const { message } = catchEnvironmentError({ ...VALID_ENV, JWT_SECRET_KEY })
    t.match(message, 'JWT_SECRET_KEY is a known or guessable secret')
    // The message may contain the first of these secrets as its example, so only the text before is checked.
    t.notOk(message.includes(`is a known or guessable secret: ${JWT_SECRET_KEY}`))
    t.ok(readConfig({ ...VALID_ENV, JWT_SECRET_KEY, NODE_ENV: 'development' }))
  })
}

t.test('[CONF4] a short secret is never accepted', async (t) => {
  t.strictSame(catchEnvironmentError({ ...VALID_ENV, JWT_SECRET_KEY: 'short', NODE_ENV: 'development' }).variables, [
    'JWT_SECRET_KEY',
  ])
})

t.test('[CONF5] a worker needs no secret that signs tokens', async (t) => {
  const { JWT_SECRET_KEY: _, ...envWithoutSecret } = VALID_ENV
  const config = readConfig(envWithoutSecret, WORKER_SECTIONS)
  t.match(config, { worker: { concurrency: 50, port: 0 } })
  t.notOk('signIn' in config)
})

t.test('[CONF6] docs/configuration.md describes every variable', async (t) => {
  const page = renderConfigurationMarkdown()
  for (const { variable } of listVariables()) {
    const { name } = variable
    const { description, secret } = getSchema(variable)
    t.ok(page.includes(`| \`${name}\` | ${description}`), name)
    t.equal(page.includes(`Or \`${name}_FILE\``), secret === true)
  }
})

t.test('[CONF6] every example in docs/configuration.md is accepted', async (t) => {
  for (const { variable } of listVariables()) {
    const { name } = variable
    const { example, certificates } = getSchema(variable)
    if (certificates) continue // This file would be read. The tests of [TLS4] cover it.
    const env = { ...VALID_ENV, LLM_MODEL: 'm', NODE_ENV: 'test', ...FIRST_ADMIN, [name]: example }
    t.ok(readConfig(env), `${name}=${example}`)
  }
})

type Variable = ReturnType<typeof listVariables>[number]['variable']

function getSchema({ schema }: Variable): { description: string; example: string; secret?: true; certificates?: true } {
  return JSON.parse(JSON.stringify(schema))
}

/** Lists the unknown variables, each with the nearest known name. */
const findUnknown = (env: Record<string, string>, alsoRead: string[] = []) =>
  findUnknownVariables({ ...VALID_ENV, ...env }, alsoRead).map(({ name, nearest }) => `${name} ${nearest}`)

t.test('[CONF9] a variable with a known prefix that no process reads is found, with the nearest name', async (t) => {
  t.same(
    findUnknown({ LLM_MODLE: 'm', RATE_LIMIT_SEND_PER_MINUTE: '5', ENGINEER_CHAT_AI_TIMEOUTS: '3', WS_HEARTBEAT: '1' }),
    [
      'ENGINEER_CHAT_AI_TIMEOUTS ENGINEER_CHAT_AI_TIMEOUT',
      'LLM_MODLE LLM_MODEL',
      'RATE_LIMIT_SEND_PER_MINUTE RATE_LIMIT_SENDS_PER_MINUTE',
      'WS_HEARTBEAT WS_HEARTBEAT_MS',
    ],
  )
})

t.test(
  '[EGRESS5] proxies are read in both spellings, and lower case wins; the error of a wrong value does not show it',
  async (t) => {
    const upper = { HTTP_PROXY: 'http://user:p@a.proxy:3128', HTTPS_PROXY: 'b.proxy:3128', NO_PROXY: '10.0.0.0/8,.svc' }
    const lower = { http_proxy: 'http://c.proxy', https_proxy: '', no_proxy: '*' }
    const upperValues = [upper.HTTP_PROXY, upper.HTTPS_PROXY, upper.NO_PROXY]
    const read = ({ egress }: Pick<Config, 'egress'>) => [egress.httpProxy, egress.httpsProxy, egress.noProxy]
    t.same(read(readConfig({ ...VALID_ENV, ...upper })), upperValues)
    t.same(read(readConfig({ ...VALID_ENV, ...upper, ...lower }, WORKER_SECTIONS)), [
      'http://c.proxy',
      'b.proxy:3128',
      '*',
    ])
    t.same(read(readConfig(VALID_ENV)), [undefined, undefined, undefined])
    for (const wrong of [
      'socks5://hidden:1080',
      'http://hidden:port',
      'http://hidden/path',
      'http://hi dden',
      'a@hidden@b',
    ]) {
      const error = catchEnvironmentError({ ...VALID_ENV, https_proxy: wrong })
      t.match(error, { variables: ['https_proxy'], message: /https_proxy is wrong; expected a URL/ }, wrong)
      t.notMatch(error.message, 'hidden')
    }
  },
)

t.test(
  '[TLP1] a models file says for each model whether it is inside, so LLM_INSIDE together with it stops the process',
  async (t) => {
    const error = catchEnvironmentError({ ...VALID_ENV, LLM_MODELS_FILE: '/x', LLM_INSIDE: 'true' })
    t.match(error, { variables: ['LLM_INSIDE'], message: /LLM_INSIDE is set, and so is LLM_MODELS_FILE/ })
  },
)

t.test('[CONF9] a name with `_FILE` is unknown if it does not belong to a secret', async (t) => {
  t.same(findUnknown({ LLM_MODEL_FILE: '/x', JWT_SECRET_KEYS_FILE: '/x' }), [
    'JWT_SECRET_KEYS_FILE JWT_SECRET_KEY_FILE',
    'LLM_MODEL_FILE LLM_MODELS_FILE',
  ])
})

t.test('[CONF9] a variable that the models file names as a key is not reported', async (t) => {
  const keys = ['LLM_DEEPSEEK_KEY', 'LLM_QWEN_KEY']
  t.same(findUnknown({ LLM_DEEPSEEK_KEY: 'sk-1', LLM_QWEN_KEY_FILE: '/x' }, keys), [])
})

t.test('[CONF9] variables of other software or of the container runtime are not reported', async (t) => {
  const others = {
    NODE_OPTIONS: '--inspect',
    NODE_EXTRA_CA_CERTS: '/x',
    HTTP_PROXY: 'http://p',
    HTTP_PROXIES: 'x',
    NO_PROXIES: 'x',
    LOG_DIR: '/x',
    HOSTNAME: 'h',
    REDIS_PASSWORD: 'p',
    DATABASE_NAME: 'n',
    REDIS_PORT: '6379',
    PORTS: '1',
    LLM_MODLE: '',
    WORKER_SERVICE_HOST: '10.0.0.1',
    WORKER_SERVICE_PORT_HTTP: '80',
    LLM_PORT: 'tcp://10.0.0.1:80',
    LLM_PORT_80_TCP: 'tcp://10.0.0.1:80',
    LLM_PORT_80_TCP_ADDR: '10.0.0.1',
  }
  t.same(findUnknownVariables({ ...VALID_ENV, ...others }), [])
})

t.test('[CONF9] at start a warning names the unknown variable, without its value', async (t) => {
  const lines: unknown[] = []
  const warn = (event: string, fields = {}) => void lines.push([event, fields])
  warnOfUnknownVariables({ LLM_APIKEY: 'hunter2' }, [], { info: () => {}, warn, error: () => {} })
  t.same(lines, [['EngineerChat.variable_not_read', { variable: 'LLM_APIKEY', nearest: 'LLM_API_KEY' }]])
})
