import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onParentExit } from '../processes/parent-exit.ts'
import { startWatchdog } from '../processes/watchdog.ts'
import { startMysql } from '../servers/mysql.ts'
import { startRedis } from '../servers/redis.ts'
import { createTapReport, type TestCounts } from './tap-report.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const KILL_AFTER_MS = 3_000
const TAP_PROGRAM = join(ROOT, 'node_modules/.bin/tap')

export interface TestRun extends TestCounts {
  ok: boolean
}

/** Runs all tests, or those that `args` name, with a private MySQL and a private Redis that end with the run. */
export async function runTests(args: string[]): Promise<TestRun> {
  const interrupted = createInterruptSignal()
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-test-'))
  const watchdog = startWatchdog(folder)
  const report = createTapReport(console.log)
  let tapExitCode = 1
  try {
    const templateFolder = join(folder, 'mysql-template')
    const [mysql, redis] = await Promise.all([
      startMysql({ dataDir: join(folder, 'mysql'), copyDataTo: templateFolder }),
      startRedis({ dataDir: join(folder, 'redis') }),
    ])
    if (!interrupted.aborted) {
      const tap = startTap(args, {
        TEST_DATABASE_URL: mysql.url,
        TEST_REDIS_URL: redis.url,
        TEST_MYSQL_TEMPLATE: templateFolder,
        TMPDIR: folder,
      })
      if (tap.pid !== undefined) watchdog.guard(-tap.pid)
      tap.stdout.on('data', report.write)
      tapExitCode = await waitForTap(tap, interrupted)
    }
    await Promise.all([mysql.stop(), redis.stop()])
  } finally {
    rmSync(folder, { recursive: true, force: true })
    watchdog.release()
  }
  report.end()
  const { counts, failures } = report
  // The failures are listed again at the end, because many viewers show only the end of a long log.
  if (failures.length > 0) console.log(['', 'All failures:', ...failures].join('\n'))
  const hasRunTests = counts.passed + counts.failed > 0
  return { ...counts, ok: tapExitCode === 0 && counts.failed === 0 && hasRunTests }
}

/**
 * Creates a signal that is aborted when the run is interrupted. Only tap then ends: this process continues, removes its
 * folder and prints the counts.
 */
function createInterruptSignal(): AbortSignal {
  const interrupted = new AbortController()
  const interrupt = () => interrupted.abort()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  onParentExit(interrupt)
  return interrupted.signal
}

// Tap gets a separate process group, so that a signal also reaches the processes of its test files. If only tap got the
// signal, it would wait until these processes end.
function startTap(args: string[], env: Record<string, string>) {
  return spawn(process.execPath, [TAP_PROGRAM, '--reporter=tap', ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
}

function waitForTap(tap: ChildProcess, interrupted: AbortSignal): Promise<number> {
  const signalTap = (signal: NodeJS.Signals) => {
    if (tap.pid !== undefined && tap.exitCode === null && tap.signalCode === null) process.kill(-tap.pid, signal)
  }
  interrupted.addEventListener('abort', () => {
    signalTap('SIGTERM')
    setTimeout(() => signalTap('SIGKILL'), KILL_AFTER_MS).unref()
  })
  return new Promise((resolve, reject) => {
    tap.once('error', reject)
    tap.once('close', (code) => resolve(code ?? 1))
  })
}
