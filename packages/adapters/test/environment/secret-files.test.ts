import {
  EnvironmentError,
  findFirstAdmin,
  listVariables,
  readConfig,
  withSecretsFromFiles,
} from '@engineer-chat/adapters/environment'
import t, { type Test } from 'tap'
import { catchEnvironmentError, FIRST_ADMIN, SECRET, VALID_ENV } from './good-environment.ts'

const SECRETS: Record<string, string> = {
  ...VALID_ENV,
  DATABASE_ADMIN_URL: 'mysql://admin:p@127.0.0.1:3306/engineer_chat',
  JWT_PREVIOUS_SECRET_KEYS: `${SECRET}x`,
  LLM_API_KEY: 'k1',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=k3',
  VOICE_API_KEY: 'k2',
  HTTP_PROXY: 'http://user:password@proxy.test:3128',
  HTTPS_PROXY: 'proxy.test:3128',
}

t.test('[CONF8] every secret may come from a file; space and line breaks around it are removed', async (t) => {
  const names = Object.keys(SECRETS)
  const folder = t.testdir(Object.fromEntries(names.map((name) => [name, `${SECRETS[name]}\r\n`])))

  const config = readConfig(Object.fromEntries(names.map((name) => [`${name}_FILE`, `${folder}/${name}`])))

  t.same(config, readConfig(SECRETS))
  t.same([config.signIn.secret, config.llm.apiKey, config.voice.apiKey], [SECRET, 'k1', 'k2'])
})

t.test('[CONF8] SECRETS of this test lists all secrets', async (t) => {
  const secrets = listVariables().filter(({ variable }) => 'secret' in variable.schema)
  t.same(secrets.map(({ variable }) => variable.name).toSorted(), Object.keys(SECRETS).toSorted())
})

t.test('[CONF8] a secret that is set twice is an error that shows nothing of it', async (t) => {
  const file = `${t.testdir({ good: SECRET })}/good`
  const { message } = catchEnvironmentError({ ...VALID_ENV, JWT_SECRET_KEY_FILE: file })
  t.match(message, 'JWT_SECRET_KEY_FILE is set, and so is JWT_SECRET_KEY; expected one')
  t.notOk(message.includes(SECRET) || message.includes(file))
})

for (const [file, problem] of [
  ['hunter2', "JWT_SECRET_KEY_FILE names a file that can't be read (ENOENT)"],
  ['', "JWT_SECRET_KEY_FILE names a file that can't be read (EISDIR)"],
  ['empty', 'JWT_SECRET_KEY_FILE names an empty file'],
  ['big', 'JWT_SECRET_KEY_FILE names a file of more than 65536 bytes'],
  ['wrong', 'JWT_SECRET_KEY is wrong; expected at least 32 random characters'],
] as const) {
  t.test(`[CONF8] a secret's file that cannot be used is an error that shows nothing of it: ${problem}`, async (t) => {
    const folder = t.testdir({ empty: ' \n', wrong: 'hunter2', big: 'hunter2'.repeat(10_000) })
    const { DATABASE_URL, REDIS_URL } = VALID_ENV
    const { message } = catchEnvironmentError({ DATABASE_URL, REDIS_URL, JWT_SECRET_KEY_FILE: `${folder}/${file}` })
    t.match(message, problem)
    t.notMatch(message, /hunter2/)
    t.notOk(message.includes(folder))
  })
}

t.test('[CONF8] the keys that a models file names may also come from files', async (t) => {
  const folder = t.testdir({ key: 'sk-1\n' })
  const env = withSecretsFromFiles({ A_KEY_FILE: `${folder}/key`, B_KEY: 'sk-2' }, ['A_KEY', 'B_KEY', 'C_KEY'])
  t.same([env.A_KEY, env.B_KEY, env.C_KEY], ['sk-1', 'sk-2', undefined])
  t.throws(() => withSecretsFromFiles({ A_KEY_FILE: `${folder}/gone` }, ['A_KEY']), EnvironmentError)
})

for (const [setName, value, missingName] of [
  ['ADMIN_USERNAME', 'ada', 'ADMIN_PASSWORD_FILE'],
  ['ADMIN_PASSWORD_FILE', '/nowhere', 'ADMIN_USERNAME'],
] as const) {
  t.test(
    `[ADMIN5] the name and the file of the first administrator must both be set: not only ${setName}`,
    async (t) => {
      const { variables, message } = catchEnvironmentError({ ...VALID_ENV, [setName]: value })
      t.strictSame(variables, [missingName])
      t.match(message, `${missingName} is missing, and ${setName} is set; expected `)
    },
  )
}

t.test('[ADMIN5] the name of the first administrator is a username', async (t) => {
  t.strictSame(catchEnvironmentError({ ...VALID_ENV, ...FIRST_ADMIN, ADMIN_USERNAME: 'Ada B' }).variables, [
    'ADMIN_USERNAME',
  ])
})

t.test('[ADMIN5] without ADMIN_USERNAME and ADMIN_PASSWORD_FILE there is no first administrator', async (t) => {
  t.equal(findFirstAdmin(readConfig(VALID_ENV)), undefined)
})

const PASSWORD = ['tundra', 'kettle', '7'].join(' ')

async function readPassword(t: Test, content: string): Promise<string | undefined> {
  const ADMIN_PASSWORD_FILE = `${t.testdir({ password: content })}/password`
  const config = readConfig({ ...VALID_ENV, ADMIN_USERNAME: 'ada', ADMIN_PASSWORD_FILE })
  return findFirstAdmin(config)?.readPassword()
}

t.test('[ADMIN5] a password file is read without the line break at its end', async (t) => {
  for (const lineBreak of ['', '\n', '\r\n']) t.equal(await readPassword(t, PASSWORD + lineBreak), PASSWORD)
})

t.test('[ADMIN5] a password has 10 to 256 characters', async (t) => {
  t.equal(await readPassword(t, PASSWORD.slice(0, 10)), PASSWORD.slice(0, 10))
  t.equal((await readPassword(t, 'x1y2z3q4'.repeat(32)))?.length, 256)
})

for (const [content, problem] of [
  ['', 'names a file that is empty'],
  ['\n', 'names a file that is empty'],
  [PASSWORD.slice(0, 9), 'names a file whose password is too short or too long'],
  [`${'x1y2z3q4'.repeat(32)}x`, 'names a file whose password is too short or too long'],
  [`${PASSWORD}\n${PASSWORD}`, 'names a file that holds more than one line'],
  [PASSWORD.repeat(1_000), 'names a file that is larger than 4096 bytes'],
  ['change-me-please', 'names a file whose password is easy to guess'],
  ['Password12345', 'names a file whose password is easy to guess'],
  ['ada-ada-ada-7', 'names a file whose password is easy to guess'],
  ['abababababab', 'names a file whose password is easy to guess'],
] as const) {
  const title = `[ADMIN5] a password file is refused, and not shown: ${content.slice(0, 16).trim()}, ${content.length}`
  t.test(title, async (t) => {
    const error = await readPassword(t, content).catch((error: unknown) => error)
    if (!(error instanceof EnvironmentError)) return t.fail(problem)
    t.match(error.message, `ADMIN_PASSWORD_FILE ${problem}; expected the path of a file`)
    t.match(error.message, 'example: ADMIN_PASSWORD_FILE=/run/secrets/admin_password')
    t.notOk(content.length > 3 && error.message.includes(content.slice(0, 9)))
  })
}

t.test('[ADMIN5] a missing password file is refused', async (t) => {
  const admin = findFirstAdmin(readConfig({ ...VALID_ENV, ...FIRST_ADMIN }))
  const read = async () => void (await admin?.readPassword())
  await t.rejects(read(), { message: /ADMIN_PASSWORD_FILE names a file that can't be read \(ENOENT\)/ })
})
