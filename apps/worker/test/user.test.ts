import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { createArgon2Passwords } from '@engineer-chat/chat/people'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import { createConnection } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { runUserCommand } from '../src/user/run.ts'

t.setTimeout(240_000) // Each command is a separate process.

const SERVER = getTestServers().databaseUrl
const USER_SCRIPT = fileURLToPath(new URL('../bin/user.ts', import.meta.url))
const FIRST_PASSWORD = ['tundra', 'kettle', '7'].join('-')
const SECOND_PASSWORD = ['marble', 'harbour', '9'].join('-')

async function createEmptyDatabase(t: Test) {
  const name = `ec_test_${randomBytes(6).toString('hex')}`
  const admin = await createConnection(SERVER)
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(SERVER)
  url.pathname = `/${name}`
  const mysql = openMysql(url.href, { connectionLimit: 2 })
  t.teardown(async () => {
    await mysql.close()
    await admin.query(`DROP DATABASE ${name}`)
    await admin.end()
  })
  const { PATH, NODE_OPTIONS } = process.env
  const env = { PATH, NODE_OPTIONS, DATABASE_URL: url.href }
  /** Runs commands in this process where possible, because many processes would take minutes on a small machine. */
  const run = async (args: string[], extraEnv: NodeJS.ProcessEnv = {}) => {
    const [log, error] = [t.capture(console, 'log', () => {}), t.capture(console, 'error', () => {})]
    const code = await runUserCommand(args, { ...env, ...extraEnv })
    const [out, err] = [log, error].map((readCalls) =>
      readCalls()
        .map(({ args }) => `${args.join(' ')}\n`)
        .join(''),
    )
    log.restore()
    error.restore()
    return { code, out: out ?? '', err: err ?? '' }
  }
  const runUserProgram = async (args: string[], input: string, extraEnv: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, [USER_SCRIPT, ...args], { env: { ...env, ...extraEnv } })
    child.stdin.on('error', () => {}) // The command may end before it has read its input.
    child.stdin.end(input)
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    return { code, out, err }
  }
  const createPasswordOption = (password: string) => `--password-file=${t.testdir({ password })}/password`
  return { mysql, url: url.href, run, runUserProgram, createPasswordOption }
}

t.test(
  '[ADMIN1] users are created, listed and deactivated, and get a new password',
  { timeout: 100_000 },
  async (t) => {
    const { mysql, url, run, runUserProgram, createPasswordOption } = await createEmptyDatabase(t)
    t.match(await run(['list']), { code: 1, err: /isn't migrated.*npm run migrate/ })
    await migrate(mysql)
    const { users, audit } = createMysqlStores(mysql)
    const verifyPassword = async (name: string, password: string) =>
      createArgon2Passwords().verify(password, (await users.findCredentials(name))?.password_hash)

    t.match(await run(['list']), { code: 0, out: /^There is no user yet/ })
    const creation = await runUserProgram(['create', 'ada', '--role=admin', '--password-stdin'], `${FIRST_PASSWORD}\n`)
    t.same(creation, { code: 0, out: 'ada (admin) is created.\n', err: '' })
    t.ok(await verifyPassword('ada', FIRST_PASSWORD), 'the line break is no part of the password')
    t.match(await run(['create', 'bob', '--role=engineer', createPasswordOption(SECOND_PASSWORD)]), { code: 0 })
    t.ok(await verifyPassword('bob', SECOND_PASSWORD))
    const generated = await run(['create', 'eve', '--role=agent', '--generate-password'])
    const password = /shown only now: ([a-z0-9-]{23})\n/.exec(generated.out)?.[1] ?? ''
    t.ok(await verifyPassword('eve', password), '[ADMIN2] a generated password is printed')

    t.match(
      (await run(['list'])).out,
      /^NAME +ROLE +ACTIVE .*\nada +admin +yes .*\nbob +engineer +yes .*\neve +agent +yes /,
    )
    t.match(JSON.parse((await run(['list', '--json'])).out), [
      { username: 'ada' },
      { username: 'bob' },
      { role: 'agent' },
    ])
    t.match(await run(['reset-password', 'bob', createPasswordOption(FIRST_PASSWORD)]), { code: 0 })
    t.ok(await verifyPassword('bob', FIRST_PASSWORD))
    t.match(await run(['deactivate', 'bob']), { code: 0, out: /^bob is deactivated/ })
    t.match(await run(['deactivate', 'bob']), { code: 0, out: /already/ })

    t.match(await run(['deactivate', 'ada']), { code: 1, err: /last active admin.*Create another admin first/ })
    t.match(await run(['deactivate', 'nobody']), { code: 1, err: /There is no such user/ })
    t.match(await run(['create', 'ada', '--role=admin', '--generate-password']), { code: 1, err: /exists already/ })
    t.match(await run(['create', 'Ada', '--role=admin', '--generate-password']), { code: 1, err: /The username must/ })
    const unreachable = { DATABASE_URL: 'mysql://root@127.0.0.1:1/x' }
    t.match(await run(['list'], unreachable), { code: 1, err: /No connection to MySQL/ })
    t.match(await runUserProgram(['list', '--data=/nowhere'], '', { DATABASE_URL: '' }), {
      code: 78,
      err: /DATABASE_URL is missing/,
    })
    const dataFolder = t.testdir({
      'run.json': JSON.stringify({
        services: [
          { role: 'mysql', url },
          { role: 'redis', url: 'redis://127.0.0.1:1' },
        ],
      }),
    })
    t.match(
      await run(['list', `--data=${dataFolder}`], { DATABASE_URL: '' }),
      { code: 0, out: /ada/ },
      '[OPS5] finds MySQL',
    )

    const { items } = await audit.list({ limit: 50 })
    t.ok(items.every(({ actor }) => actor === 'command-line'))
    const changes = items
      .filter(({ action }) => action !== 'admin_view')
      .map(({ action, detail }) => `${action} ${detail}`)
    t.same(changes.toReversed(), [
      ...['user_created role=admin', 'user_created role=engineer', 'user_created role=agent'],
      ...['user_updated password', 'user_updated active=false'],
    ])
    t.match(
      items.find(({ action }) => action === 'admin_view'),
      { object_type: 'user', detail: 'user list' },
    )
  },
)

t.test(
  '[ADMIN2] a password is not accepted as an argument, and errors do not repeat it',
  { timeout: 100_000 },
  async (t) => {
    const { mysql, url, run, runUserProgram, createPasswordOption } = await createEmptyDatabase(t)
    await migrate(mysql)
    const createAda = ['create', 'ada', '--role=admin']
    const checkRefusal = (result: { code: number | null; out: string; err: string }, code: number, input: string) => {
      t.equal(result.code, code, `${input}: ${result.err.split('\n')[0]}`)
      t.notMatch(result.out + result.err, new RegExp(`${FIRST_PASSWORD}|hyacinth`), input)
    }
    for (const [input, args] of [
      ['an option', [...createAda, `--password=${FIRST_PASSWORD}`]],
      ['an option and its value', [...createAda, '--password', FIRST_PASSWORD]],
      ['an argument', [...createAda, FIRST_PASSWORD]],
      ['a misspelt option', [...createAda, `--pasword-stdin=${FIRST_PASSWORD}`]],
      ['in place of the role', ['create', 'ada', `--role=${FIRST_PASSWORD}`]],
      ['in place of the command', [FIRST_PASSWORD]],
      ['for a command that takes no password', ['list', '--password-stdin']],
      ['two sources', [...createAda, '--password-stdin', '--generate-password']],
    ] as const) {
      checkRefusal(await run([...args]), 2, input)
    }
    // Each of these passwords is too short, too long, or more than one line.
    for (const password of [
      '',
      'hyacinth1',
      'hyacinth'.padEnd(257, 'x'),
      'hyacinth-1\nhyacinth-2\n',
      'hyacinth'.repeat(1_000),
    ]) {
      checkRefusal(
        await run([...createAda, createPasswordOption(password)]),
        1,
        `a file of ${password.length} characters`,
      )
    }
    const guessable = await run([...createAda, createPasswordOption('Ada-Welcome-1')])
    t.match(guessable, { code: 1, err: /Nothing was changed\. This password is easy to guess/ }, '[USER5]')
    t.notMatch(guessable.err, 'Welcome')
    checkRefusal(await run([...createAda, '--password-file=/nowhere']), 1, 'a missing file')
    checkRefusal(
      await runUserProgram([...createAda, '--password-stdin'], 'hyacinth1'),
      1,
      'too short, by standard input',
    )
    checkRefusal(await runUserProgram(createAda, ''), 2, 'no terminal')
    t.same(await createMysqlStores(mysql).users.list({ limit: 1 }), { items: [], next_cursor: null })
    t.match(await run(['--help']), { code: 0, out: /^Usage: npm run user/ })

    const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0
    await t.test(
      '[ADMIN2] on a terminal the password is asked for twice and not shown',
      { skip: !hasScript },
      async (t) => {
        const typeAnswers = async (answers: string[]) => {
          const command = `${process.execPath} ${USER_SCRIPT} create ada --role=admin`
          const child = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, DATABASE_URL: url } })
          t.teardown(() => child.kill())
          let output = ''
          const prompts = ['Password (not shown): ', 'Repeat the password: ']
          child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
            output += chunk
            const [prompt] = prompts
            if (prompt === undefined || !output.includes(prompt)) return
            prompts.shift()
            const answer = answers.shift()
            if (answer !== undefined) child.stdin.write(answer)
          })
          const [code] = await once(child, 'close')
          return { code, output }
        }
        const different = await typeAnswers([`${FIRST_PASSWORD}\r`, `${SECOND_PASSWORD}\r`])
        t.match(different, { code: 1, output: /The two passwords differ/ })
        t.match(await typeAnswers(['half\x03']), { code: 130 }, 'Ctrl-C')
        const equal = await typeAnswers([`${FIRST_PASSWORD}\r`, `${FIRST_PASSWORD}\r`])
        t.match(equal, { code: 0, output: /ada \(admin\) is created/ })
        t.notMatch(different.output + equal.output, new RegExp(`${FIRST_PASSWORD}|${SECOND_PASSWORD}`))
      },
    )
  },
)
