import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readConfiguredModels } from '@engineer-chat/adapters/llm'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import t, { type Test } from 'tap'
import { checkConnections } from '../src/commands/doctor/check-connections.ts'
import { checkMysql } from '../src/commands/doctor/check-mysql.ts'
import { checkInstallation, checkRedis } from '../src/commands/doctor/check-redis.ts'
import { checkTlp } from '../src/commands/doctor/check-tlp.ts'
import { checkClock, isAtLeast } from '../src/commands/doctor/finding.ts'
import { findPoolSizes, type PoolSizes } from '../src/commands/doctor/pool-sizes.ts'
import { renderReport, toExitCode } from '../src/commands/doctor/report.ts'

t.setTimeout(240_000) // Each command is a separate process.

const DATABASE = getTestServers().databaseUrl
const REDIS = getTestServers().redisUrl

const HEALTHY_MYSQL = {
  version: '10.11.6-MariaDB-0+deb12u1',
  settings: {
    innodb_flush_log_at_trx_commit: '1',
    sync_binlog: '1',
    log_bin: 'ON',
    max_connections: '500',
    max_user_connections: '0',
    read_only: 'OFF',
  },
  clockMs: 1_000_000,
  missingMigrations: [],
  hasUsers: true,
  excessPrivileges: [] as string[],
}

const POOLS = { apiSizes: [10], workerSizes: [10], listedBy: 'assumed' as const }

t.test('[TLP8] the inside models are named, and red events without an inside model are a warning', async (t) => {
  const describeOneModel = (settings: object = {}) =>
    readConfiguredModels({
      timeoutMs: 1_000,
      firstTokenTimeoutMs: 1_000,
      idleTimeoutMs: 1_000,
      baseUrl: 'http://127.0.0.1:1/v1',
      model: 'qwen3',
      ...settings,
    })
  const outsideModel = await describeOneModel()
  t.match(checkTlp(await describeOneModel({ isInside: true }), 3), { state: 'passed', message: 'inside: qwen3' })
  t.match(checkTlp(outsideModel, 0), { state: 'passed', message: 'no model but the offline analyst is inside' })
  t.match(checkTlp(outsideModel, undefined), { state: 'passed' })
  t.match(checkTlp(outsideModel, 3), {
    state: 'warning',
    message: 'no model but the offline analyst is inside, and only the offline analyst answers in 3 red events',
    fix: /LLM_INSIDE=true/,
  })
  t.match(checkTlp(await describeOneModel({ fallback: 'none' }), 1), {
    state: 'warning',
    message: 'no model is inside, and questions are refused in 1 red event',
  })
  t.match(checkTlp({ ...outsideModel, isFromFile: true }, 1), { fix: /"inside": true/ })
})

t.test('[DOCTOR1] a wrong version, setting or clock of MySQL and a missing migration are one failure each', (t) => {
  t.equal(toExitCode(checkMysql(HEALTHY_MYSQL, POOLS, 1_000_500)), 0)
  const createSettings = (changes: Record<string, string>) => ({ settings: { ...HEALTHY_MYSQL.settings, ...changes } })
  for (const [deviation, message] of [
    [{ version: '8.0.36' }, /8\.0\.36/],
    [{ version: '10.6.18-MariaDB' }, /10\.6/],
    [createSettings({ innodb_flush_log_at_trx_commit: '2' }), /innodb_flush_log_at_trx_commit is 2/],
    [createSettings({ sync_binlog: '0' }), /sync_binlog is 0/],
    [createSettings({ read_only: 'ON' }), /read-only/],
    [{ clockMs: 1_010_000 }, /9\.5 s ahead/],
    [{ missingMigrations: ['0003_audit'] }, /not applied: 0003_audit/],
  ] as const) {
    const failures = checkMysql({ ...HEALTHY_MYSQL, ...deviation } as typeof HEALTHY_MYSQL, POOLS, 1_000_500).filter(
      ({ state }) => state === 'failed',
    )
    t.match(failures, [{ message, fix: /./ }])
    t.equal(failures.length, 1)
  }
  t.equal(
    toExitCode(
      checkMysql({ ...HEALTHY_MYSQL, ...createSettings({ sync_binlog: '0', log_bin: 'OFF' }) }, POOLS, 1_000_500),
    ),
    0,
    'without a binary log, sync_binlog does not matter',
  )
  t.equal(toExitCode(checkMysql({ ...HEALTHY_MYSQL, version: '8.4.2' }, POOLS, 1_000_500)), 0)
  t.end()
})

t.test('[DOCTOR1] if there is no user yet, the doctor names the command that creates the first administrator', (t) => {
  const checkUsers = (hasUsers: boolean | undefined) => checkMysql({ ...HEALTHY_MYSQL, hasUsers }, POOLS, 1_000_000)
  const findUserFindings = (hasUsers: boolean | undefined) =>
    checkUsers(hasUsers).filter(({ checkName }) => checkName === 'Users')
  t.match(findUserFindings(false), [
    { state: 'warning', message: 'there is no user yet', fix: /npm run user -- create .*--role=admin/ },
  ])
  t.match(findUserFindings(true), [{ state: 'passed' }])
  t.same(findUserFindings(undefined), [], 'without the table, only the migrations are reported')
  t.equal(toExitCode(checkUsers(false)), 0)
  t.end()
})

t.test('[DOCTOR1] privileges of the account that no node needs are a warning', (t) => {
  const excessPrivileges = ['ALL PRIVILEGES ON *.*']
  const findings = checkMysql({ ...HEALTHY_MYSQL, excessPrivileges }, POOLS, 1_000_000)
  t.match(findings.at(-1), { checkName: 'MySQL account', state: 'warning', message: /ALL PRIVILEGES ON \*\.\*/ })
  t.equal(toExitCode(findings), 0)
  t.match(checkMysql(HEALTHY_MYSQL, POOLS, 1_000_000).at(-1), {
    state: 'passed',
    message: 'it has only the rights that a node needs',
  })
  t.end()
})

t.test('[DOCTOR5] the pools of all processes are compared with the limits of server and account', (t) => {
  const check = (limits: Partial<typeof HEALTHY_MYSQL.settings>, pools: Partial<PoolSizes> = {}) =>
    checkConnections({ ...HEALTHY_MYSQL, settings: { ...HEALTHY_MYSQL.settings, ...limits } }, { ...POOLS, ...pools })
  const [apiSizes, workerSizes] = [
    [10, 10, 10],
    [20, 20],
  ]
  t.match(check({ max_connections: '30' }), {
    state: 'passed',
    message: /1 API node and 1 worker may open 20; .*--api=N/,
  })
  t.match(check({ max_connections: '80' }, { apiSizes, workerSizes, listedBy: 'run.json' }), {
    state: 'passed',
    message: /^80: 3 API nodes and 2 workers may open 70$/,
  })
  t.match(check({ max_connections: '79' }, { apiSizes, workerSizes }), {
    state: 'failed',
    message: 'max_connections is 79: 3 API nodes and 2 workers may open 70, and 10 are for commands',
    fix: 'SET GLOBAL max_connections = 80, and the same in my.cnf, or lower DATABASE_POOL_SIZE to 13.',
  })
  const accountFinding = check({ max_user_connections: '29' })
  t.match(accountFinding, { state: 'failed', message: /^max_user_connections is 29: / })
  t.match(accountFinding, { fix: /MAX_USER_CONNECTIONS 30.* DATABASE_POOL_SIZE to 9\.$/ })
  t.match(check({ max_user_connections: '30' }), { state: 'passed', message: /^30: / })
  t.notMatch(check({ max_connections: '11' }).fix, 'DATABASE_POOL_SIZE', 'a pool cannot be that small')
  t.end()
})

t.test(
  '[DOCTOR5] the options name the processes, or else a running `npm start` with this database; without both, it is one of each',
  (t) => {
    const database = { url: 'mysql://a', poolSize: 10 }
    const services = [
      { role: 'mysql', url: 'mysql://a' },
      ...['api', 'api', 'worker', 'page'].map((role) => ({ role, pid: process.pid })),
    ]
    const dataFolder = t.testdir({ 'run.json': JSON.stringify({ services }) })
    t.same(findPoolSizes(database, { dataFolder }), { apiSizes: [10, 10], workerSizes: [10], listedBy: 'run.json' })
    t.same(findPoolSizes({ ...database, url: 'mysql://b' }, { dataFolder }), { ...POOLS, listedBy: 'assumed' })
    t.same(findPoolSizes(database, { dataFolder, workerCount: 2 }), {
      apiSizes: [10],
      workerSizes: [10, 10],
      listedBy: 'options',
    })
    t.end()
  },
)

t.test('[DOCTOR5] a process that has ended does not count, and a run that was killed is not a running one', (t) => {
  const database = { url: 'mysql://a', poolSize: 10 }
  const endedPid = 1_000_000_000 // No system has so many processes.
  const mysql = { role: 'mysql', url: 'mysql://a' }
  const findSizes = (...services: object[]) =>
    findPoolSizes(database, { dataFolder: t.testdir({ 'run.json': JSON.stringify({ services }) }) })
  const ended = ['api', 'api', 'worker', 'worker'].map((role) => ({ role, pid: endedPid }))

  t.same(findSizes(mysql, ...ended, { role: 'worker', pid: process.pid }), {
    apiSizes: [],
    workerSizes: [10],
    listedBy: 'run.json',
  })
  t.same(findSizes(mysql, ...ended), { ...POOLS, listedBy: 'assumed' })
  t.end()
})

t.test('[DOCTOR1] a wrong version, policy or clock of Redis is a failure, and a missing replica is a warning', (t) => {
  const healthyServer = { version: '7.0.15', policy: 'noeviction', clockMs: 5_000, replicas: 0 }
  const check = (deviation: Partial<typeof healthyServer> = {}) =>
    checkRedis('single', [{ ...healthyServer, ...deviation }], 5_000)
  t.equal(toExitCode(check()), 0)
  // Each server has three findings: version, policy and clock.
  t.match(check({ policy: 'allkeys-lru' }), [{}, { state: 'failed', fix: /noeviction/ }, {}])
  t.match(check({ version: '6.2.1' }), [{ state: 'failed' }, {}, {}])
  const replicated = { ...healthyServer, replicas: 1 }
  t.match(checkRedis('sentinel', [replicated], 5_000).at(-1), {
    state: 'passed',
    message: /by Sentinel, with a replica/,
  })
  t.match(checkRedis('cluster', [replicated, healthyServer, replicated], 5_000).at(-1), {
    state: 'warning',
    message: /1 of 3 primaries/,
  })
  const policyOfSecondServer = checkRedis('cluster', [replicated, { ...replicated, policy: 'allkeys-lru' }], 5_000)[4]
  t.match(policyOfSecondServer, { checkName: 'Redis policy', state: 'failed' })
  t.match(checkRedis('cluster', [], 5_000), [{ state: 'failed' }])
  t.match(checkClock('x', 0, 60_000), { state: 'failed', message: /60 s behind/ })
  t.ok(isAtLeast('8.1.3', [7]) && isAtLeast('10.11', [10, 11]) && !isAtLeast('10.9', [10, 11]))
  t.end()
})

t.test('[DOCTOR3] a Redis of another installation is a failure with a fix', (t) => {
  t.match(checkInstallation('a', 'a', 'ec'), [{ state: 'passed', message: 'the same as in the database' }])
  t.match(checkInstallation('a', null, 'ec'), [{ state: 'passed', message: /none yet/ }])
  const differentIds = checkInstallation('a', 'b', 'ec')
  t.match(differentIds, [
    { state: 'failed', message: /another/, fix: /REDIS_NAMESPACE.*redis-cli DEL ec:installation/ },
  ])
  t.same(
    [checkInstallation(undefined, 'b', 'ec'), checkInstallation('a', undefined, 'ec')],
    [[], []],
    'an id that could not be read gives no finding',
  )
  t.end()
})

t.test('[DOCTOR1] [DOCTOR2] all checks run on real servers, and no secret is shown', { timeout: 60_000 }, async (t) => {
  const url = await startProvider(t, (write) => {
    write({ choices: [{ index: 0, delta: { reasoning_content: 'hm' } }] })
    streamAnswer(write)
  })
  const { stdout } = await runDoctor({ LLM_BASE_URL: url, LLM_MODEL: 'm', LLM_API_KEY: 'sk-very-secret' })
  t.match(stdout, /ok +MySQL version: \d/)
  t.match(stdout, /ok +MySQL connections: 500: 1 API node and 1 worker may open 20/)
  t.match(stdout, /(ok|WRONG) +Migrations:/)
  t.match(stdout, /ok +Redis policy: noeviction/)
  t.match(stdout, /ok +LLM: m answers/)
  t.match(stdout, /ok +LLM streaming: in pieces/)
  t.match(stdout, /ok +Prompts: question, session and event, summary, .*message.* are sent to models/)
  t.match(stdout, /warning LLM usage/)
  t.match(stdout, /warning LLM thinking/)
  t.notMatch(stdout, 'secret')
})

t.test('[DOCTOR2] each failure has one fix, and the exit code is then 1', { timeout: 60_000 }, async (t) => {
  const { stdout, code } = await runDoctor({
    DATABASE_URL: 'mysql://somebody:hidden@127.0.0.1:1/none',
    REDIS_URL: 'redis://:hidden@127.0.0.1:1',
    LLM_BASE_URL: await startProvider(t, undefined),
    LLM_MODEL: 'm',
  })
  t.equal(code, 1)
  for (const line of ['MySQL: ECONNREFUSED', 'Redis: ', 'LLM: m: llm_unauthorized']) t.match(stdout, `WRONG   ${line}`)
  t.equal(stdout.match(/ {8}→ /g)?.length, 3)
  t.match(stdout, 'Failures: 3.')
  t.notMatch(stdout, 'hidden')
  const withoutVariables = await runDoctor({ DATABASE_URL: '' }, t.testdir())
  t.match(withoutVariables, { code: 1, stdout: /DATABASE_URL is missing/ })
  t.equal(renderReport([{ checkName: 'x', state: 'passed', message: 'y' }]), 'ok      x: y\nNo failures.')
})

t.test(
  '[DOCTOR1] each model of the models file is called, and each failure has a fix',
  { timeout: 60_000 },
  async (t) => {
    const answering = await startProvider(t, streamAnswer)
    const refusing = await startProvider(t, undefined)
    const unreachable = 'http://127.0.0.1:1/v1'
    const createModel = (id: string, endpoint: string, settings = {}) => ({
      id,
      provider: 'openai-compatible',
      endpoint,
      ...settings,
    })
    const models = [
      createModel('quick', answering, { api_key_env: 'QUICK_KEY', fallbacks: ['offline'] }),
      createModel('locked', refusing, { api_key_env: 'LOCKED_KEY' }),
      createModel('keyless', answering, { api_key_env: 'NO_SUCH_KEY' }),
      createModel('gone', unreachable),
    ]
    const file = join(t.testdir(), 'models.json')
    writeFileSync(file, JSON.stringify({ models }))
    const env = { LLM_MODELS_FILE: file, QUICK_KEY: 'sk-very-secret', LOCKED_KEY: 'sk-very-secret' }
    const { stdout, code } = await runDoctor(env)
    t.equal(code, 1)
    t.match(stdout, 'ok      Models file: 5 models')
    t.match(stdout, 'ok      LLM quick: quick answers')
    t.match(stdout, /ok +LLM quick latency: first text after \d+ ms/)
    t.match(stdout, 'ok      LLM quick streaming: in pieces')
    t.match(stdout, 'warning LLM quick usage')
    t.match(stdout, /WRONG +LLM locked: locked: llm_unauthorized\n +→ Set LOCKED_KEY/)
    t.match(stdout, /WRONG +LLM keyless: .*NO_SUCH_KEY isn't set\n +→ Set NO_SUCH_KEY/)
    t.match(stdout, /WRONG +LLM gone: gone: llm_unreachable\n +→ Check endpoint of gone/)
    t.match(stdout, 'ok      LLM offline: the offline analyst')
    t.notMatch(stdout, 'Configuration: complete', 'a key is not set')
    t.notMatch(stdout, 'very-secret')
    writeFileSync(file, JSON.stringify({ models: [createModel('a', 'ftp://x')] }))
    const withWrongFile = await runDoctor(env)
    t.match(withWrongFile, { code: 1, stdout: /WRONG +Models file: [\s\S]*\/models\/0\/endpoint/ })
    t.notMatch(withWrongFile.stdout, 'Configuration:', 'without the file, the names of the keys are not known')
  },
)

t.test(
  '[DOCTOR4] a model is called through the proxy, which is named without its password',
  { timeout: 60_000 },
  async (t) => {
    const proxy = await startProvider(t, streamAnswer)
    const toModel = (id: string, endpoint: string) => ({ id, provider: 'openai-compatible', endpoint })
    const models = [toModel('model', 'http://model.test/v1'), toModel('internal', 'http://0.0.0.0:1/v1')]
    const file = join(t.testdir(), 'models.json')
    writeFileSync(file, JSON.stringify({ models }))
    const env = { LLM_MODELS_FILE: file, NO_PROXY: '0.0.0.0' }
    const { host } = new URL(proxy)
    const throughProxy = await runDoctor({ ...env, http_proxy: `http://user:very-secret@${host}` })
    t.match(throughProxy.stdout, 'ok      LLM model: model answers')
    t.match(throughProxy.stdout, `ok      LLM model proxy: ${host}\n`)
    t.match(throughProxy.stdout, 'ok      LLM internal proxy: none for this endpoint')
    t.match(throughProxy.stdout, /WRONG +LLM internal: internal: llm_unreachable\n/)
    const deadProxy = await runDoctor({ ...env, HTTP_PROXY: 'http://user:very-secret@127.0.0.1:1' })
    t.match(
      deadProxy.stdout,
      /WRONG +LLM model: model: llm_unreachable, through the proxy 127\.0\.0\.1:1\n +→ .*HTTP_PROXY/,
    )
    t.notMatch(`${throughProxy.stdout} ${deadProxy.stdout}`, /very-secret|user:/)
  },
)

t.test(
  '[CONF9] a variable that is not read is a failure, unless the models file names it',
  { timeout: 60_000 },
  async (t) => {
    const { code, stdout } = await runDoctor({ LLM_MODLE: 'very-secret' })
    t.equal(code, 1)
    t.match(stdout, /WRONG +Configuration: LLM_MODLE is set, and nothing reads it\n +→ Did you mean LLM_MODEL\?/)
    t.notMatch(stdout, 'very-secret')
    const model = {
      id: 'gone',
      provider: 'openai-compatible',
      endpoint: 'http://127.0.0.1:1/v1',
      api_key_env: 'LLM_OWN_KEY',
    }
    const folder = t.testdir({ key: 'sk-very-secret', 'models.json': JSON.stringify({ models: [model] }) })
    const env = { LLM_MODELS_FILE: join(folder, 'models.json'), LLM_OWN_KEY_FILE: join(folder, 'key') }
    const withKeyFile = await runDoctor(env)
    t.match(withKeyFile.stdout, 'ok      Configuration: complete')
    t.match(
      withKeyFile.stdout,
      /WRONG +LLM gone: gone: llm_unreachable/,
      'its key was read from the file, as [CONF8] says',
    )
    const withoutKeyFile = await runDoctor({ ...env, LLM_OWN_KEY_FILE: join(folder, 'none') })
    t.match(
      withoutKeyFile.stdout,
      /WRONG +Configuration: [\s\S]*LLM_OWN_KEY_FILE names a file that can't be read \(ENOENT\)/,
    )
    t.equal(withoutKeyFile.stdout.match(/Configuration: /g)?.length, 1, 'it is not called complete, too')
  },
)

t.test(
  '[OPS5] the commands find the servers of a running `npm start`, unless the environment names one',
  { timeout: 60_000 },
  async (t) => {
    const services = [
      { role: 'api', url: 'http://127.0.0.1:1' },
      { role: 'redis', url: REDIS },
      { role: 'mysql', url: DATABASE },
    ]
    const folder = t.testdir({ 'run.json': JSON.stringify({ services }) })
    const withoutServers = { DATABASE_URL: '', REDIS_URL: '' }
    const found = await runDoctor(withoutServers, folder)
    t.match(found.stdout, /ok +MySQL version: \d/)
    t.match(found.stdout, /ok +Redis version: \d/)
    t.match(found.stderr, `${folder}/run.json`)
    t.notMatch(found.stderr, DATABASE)
    const withOneServer = await runDoctor({ ...withoutServers, REDIS_URL: REDIS }, folder)
    t.match(withOneServer, { code: 1, stdout: /DATABASE_URL is missing/ }, 'servers of two installations are not mixed')
    for (const content of ['{', '{"services":[]}']) {
      writeFileSync(join(folder, 'run.json'), content)
      t.match(await runDoctor(withoutServers, folder), { code: 1, stdout: /DATABASE_URL is missing/ }, content)
    }
  },
)

t.test(
  '[OPS5] [DOCTOR5] the doctor reads the model and the pool size of a running `npm start` from its worker’s environment',
  {
    timeout: 60_000,
    skip: process.platform !== 'linux',
  },
  async (t) => {
    const LLM_BASE_URL = await startProvider(t, streamAnswer)
    const startWorker = async (env: Record<string, string>) => {
      const worker = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1_000)'], { env })
      t.teardown(() => worker.kill())
      // Until the worker has printed, Linux may show the environment of the test's process.
      await once(worker.stdout, 'data')
      return { role: 'worker', pid: worker.pid }
    }
    const settings = { LLM_BASE_URL, LLM_MODEL: 'internal', LLM_API_KEY: 'sk-very-secret' }
    const servers = [
      { role: 'redis', url: REDIS },
      { role: 'mysql', url: DATABASE },
    ]
    const sameProduct = await startWorker({ ...settings, DATABASE_URL: DATABASE, DATABASE_POOL_SIZE: '33' })
    const otherProduct = await startWorker({ ...settings, DATABASE_URL: 'mysql://other' })
    const withoutServers = { DATABASE_URL: '', REDIS_URL: '' }
    const folder = t.testdir({ 'run.json': JSON.stringify({ services: [...servers, sameProduct] }) })

    const found = await runDoctor(withoutServers, folder)
    t.match(found.stdout, /ok +LLM: internal answers/)
    t.match(found.stdout, /MySQL connections: 500: 0 API nodes and 1 worker may open 33\n/)
    t.notMatch(found.stdout + found.stderr, 'secret')
    const withOwnModel = await runDoctor({ ...withoutServers, LLM_BASE_URL, LLM_MODEL: 'mine' }, folder)
    t.match(withOwnModel.stdout, /ok +LLM: mine answers/, 'the environment of the command takes precedence')

    writeFileSync(join(folder, 'run.json'), JSON.stringify({ services: [...servers, otherProduct] }))
    const withOtherWorker = await runDoctor(withoutServers, folder)
    t.match(withOtherWorker.stdout, /LLM: none is configured/, 'the worker of another product is ignored')
    t.match(withOtherWorker.stderr, 'The model settings of its worker cannot be read')
  },
)

interface DoctorResult {
  stdout: string
  stderr: string
  code: number
}

async function runDoctor(env: Record<string, string>, dataFolder?: string): Promise<DoctorResult> {
  const script = fileURLToPath(new URL('../bin/doctor.ts', import.meta.url))
  const { PATH, NODE_OPTIONS } = process.env
  const options = { env: { PATH, NODE_OPTIONS, DATABASE_URL: DATABASE, REDIS_URL: REDIS, ...env } }
  const running = promisify(execFile)(
    process.execPath,
    [script, ...(dataFolder ? [`--data=${dataFolder}`] : [])],
    options,
  )
  return running.then(
    (output) => ({ ...output, code: 0 }),
    // A command that fails rejects with its output and its exit code.
    ({ stdout, stderr, code }: DoctorResult) => ({ stdout, stderr, code }),
  )
}

type WriteChunk = (chunk: object) => void

/** Streams a short answer in two pieces, as a model does that reports no usage. */
function streamAnswer(write: WriteChunk): void {
  for (const content of ['one ', 'two']) write({ choices: [{ index: 0, delta: { content } }] })
  write({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
}

/** Starts a provider that streams the chunks of `stream` or, without it, refuses the key. Returns its address. */
async function startProvider(t: Test, stream: ((write: WriteChunk) => void) | undefined): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    if (!stream) return response.writeHead(401).end('{}')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    stream((chunk) =>
      response.write(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', ...chunk })}\n\n`),
    )
    response.end('data: [DONE]\n\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}
