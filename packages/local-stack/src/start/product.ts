import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { getErrorCode } from '../processes/error-code.ts'
import type { SupervisedApp } from './app-process.ts'
import { getHost, startApps, toUrl } from './apps.ts'
import { renderBanner } from './banner.ts'
import { buildPage } from './build-page.ts'
import { type ChosenScripts, chooseScripts, type Scripts } from './choose-scripts.ts'
import { type Flags, listPorts, toPagePort } from './flags.ts'
import { openProcessRecord, type ProcessRecord, waitForEarlierProcesses } from './folder/process-record.ts'
import { openFolder, removeOwnEntries } from './folder/product-folder.ts'
import { openRunFile, type RunFile, removeRunFile } from './folder/run-file.ts'
import { readOrCreateLogins, readOrCreateSecrets, type Secrets } from './folder/secrets.ts'
import { takeStartLock } from './folder/start-lock.ts'
import { requireFreePorts } from './require-free-ports.ts'
import { runSeed } from './run-seed.ts'
import { type Servers, startServers } from './servers.ts'
import { StartError } from './start-error.ts'

export interface ProductOptions {
  flags: Flags
  env: NodeJS.ProcessEnv
  scripts: Scripts
  print(line: string): void
  /** When this signal is aborted, all processes are stopped in order. */
  signal: AbortSignal
  /** API nodes and workers have this time to become ready. */
  readyTimeoutMs?: number
}

const READY_TIMEOUT_MS = 50_000
/** The processes of a killed start have this time to end. */
const END_WAIT_MS = 15_000
/** The ports of recorded processes that have ended are free within this time. */
const PORT_WAIT_MS = 3_000

/** Runs the whole product on this machine until the signal is aborted. @throws StartError */
export async function runProduct(options: ProductOptions): Promise<void> {
  const { flags, env, print, signal } = options
  openFolder(flags.dataFolder)
  const lock = await takeStartLock(flags.dataFolder)
  try {
    const host = getHost(env)
    const pagePorts = options.scripts.pageServer === undefined ? [] : [toPagePort(flags)]
    const hasRecord = await waitForEarlierProcesses(flags.dataFolder, { waitMs: END_WAIT_MS, print, signal })
    const portWaitMs = hasRecord ? PORT_WAIT_MS : END_WAIT_MS
    await requireFreePorts(host, [...listPorts(flags), ...pagePorts], {
      waitMs: lock.wasKilled ? portWaitMs : 0,
      print,
      signal,
    })
    if (signal.aborted) return
    removeRunFile(flags.dataFolder)
    if (flags.isFresh) await removeOwnEntries(flags.dataFolder)
    if (flags.isFresh && env.DATABASE_URL) print('--fresh leaves the database that DATABASE_URL names as it is.')
    await new Product(options).run()
  } finally {
    lock.release()
  }
}

class Product {
  readonly #options: ProductOptions
  readonly #startedAtMs = performance.now()
  #chosenScripts: ChosenScripts | undefined
  #servers: Servers | undefined
  #apps: SupervisedApp[] = []
  #runFile: RunFile | undefined
  readonly #processRecord: ProcessRecord

  constructor(options: ProductOptions) {
    this.#options = options
    this.#processRecord = openProcessRecord(options.flags.dataFolder)
  }

  async run(): Promise<void> {
    const { signal, print } = this.#options
    const stopped = waitForAbort(signal)
    try {
      await this.#start(stopped)
      await stopped
      print('Stopping: requests and replies in progress end first. 正在停止……')
    } finally {
      await this.#stop()
    }
    print('Stopped; the data is kept. 已停止，数据已保留。')
  }

  async #start(stopped: Promise<void>): Promise<void> {
    const { flags, scripts, print, signal, readyTimeoutMs = READY_TIMEOUT_MS } = this.#options
    const hooks = {
      print,
      onSpawn: (name: string, pid: number) =>
        this.#tryToWrite('processes.json', () => this.#processRecord.add(name, pid)),
      onChange: () => this.#tryToWriteRunFile(),
    }
    print('Starting … 正在启动……')
    const secrets = readOrCreateSecrets(flags.dataFolder)
    const pageBuild = scripts.page === undefined ? undefined : buildPage(scripts.page, print)
    const [servers, chosenScripts] = await Promise.all([
      startServers(flags.dataFolder, this.#options.env, hooks),
      chooseScripts(scripts, this.#options.env, print),
    ])
    this.#servers = servers
    this.#chosenScripts = chosenScripts
    if (signal.aborted) return

    const env = createEnvironment(this.#options.env, servers, secrets)
    const users = readOrCreateLogins(flags.dataFolder, secrets, flags.hasDemo)
    const seedInput = { users, demo: flags.hasDemo }
    const { demo_event_id, others: existingUsernames } = await runSeed(chosenScripts, env, seedInput, hooks.onSpawn)
    await pageBuild
    if (signal.aborted) return

    this.#apps = await startApps({ flags, scripts, chosenScripts, env, ...hooks })
    await Promise.race([stopped, waitUntilReady(this.#apps, readyTimeoutMs)])
    if (signal.aborted) return

    const usableLogins = users.filter(({ username }) => !existingUsernames.includes(username))
    this.#runFile = openRunFile(flags.dataFolder, { logins: usableLogins, demo_event_id })
    this.#writeRunFile()
    const seconds = (performance.now() - this.#startedAtMs) / 1_000
    const urls = listPorts(flags).map((port) => toUrl(getHost(env), port))
    const pageUrl = scripts.pageServer === undefined ? undefined : toUrl(getHost(env), toPagePort(flags))
    print(renderBanner({ flags, urls, pageUrl, logins: usableLogins, existingUsernames, seconds }))
  }

  /** Writes the running services to `run.json`. It does nothing before the start is complete. */
  #writeRunFile(): void {
    const supervisedProcesses = [...this.#apps, this.#servers?.redis, this.#servers?.mysql]
    this.#runFile?.write(supervisedProcesses.flatMap((supervised) => supervised?.findService() ?? []))
  }

  #tryToWriteRunFile(): void {
    this.#tryToWrite('run.json', () => this.#writeRunFile())
  }

  /** Prints a failure, because a full disk or a removed folder is no reason to end a process or to leave it ended. */
  #tryToWrite(name: string, write: () => void): void {
    const { flags, print } = this.#options
    try {
      write()
    } catch (error) {
      print(`${join(flags.dataFolder, name)} can't be written (${getErrorCode(error) ?? error}), so it is out of date.`)
    }
  }

  async #stop(): Promise<void> {
    const servers = this.#servers
    await Promise.all(this.#apps.map((app) => app.stop()))
    await servers?.redis?.stop()
    await servers?.mysql?.stop()
    this.#chosenScripts?.releaseBundle()
    this.#tryToWriteRunFile()
  }
}

const createEnvironment = (env: NodeJS.ProcessEnv, servers: Servers, secrets: Secrets): NodeJS.ProcessEnv => ({
  ...env,
  DATABASE_URL: servers.databaseUrl,
  REDIS_URL: servers.redisUrl,
  JWT_SECRET_KEY: env.JWT_SECRET_KEY || secrets.jwt_secret_key,
  // Ctrl-C ends the product within this time. Answers in progress start again at the next start.
  SHUTDOWN_GRACE_MS: env.SHUTDOWN_GRACE_MS || '10000',
})

const waitForAbort = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** @throws StartError when an app ends too often at its start or isn't ready in time */
async function waitUntilReady(apps: SupervisedApp[], timeoutMs: number): Promise<void> {
  const timer = new AbortController()
  // With `ref: false`, the timer does not keep this process alive after a stop during the start.
  const timeout = sleep(timeoutMs, 'timeout', { signal: timer.signal, ref: false }).catch(() => 'cancelled')
  const allReady = Promise.all(apps.map((app) => app.ready))
  try {
    if ((await Promise.race([allReady, timeout])) === 'timeout') {
      const problems = apps.flatMap((app) => app.findReadinessProblem() ?? [])
      throw new StartError([`Not everything is ready after ${timeoutMs / 1_000} s.`, ...problems].join('\n'))
    }
  } finally {
    timer.abort()
  }
}
