import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whenLauncherDies } from './launched.ts'
import { startMysql } from './mysql.ts'
import { startRedis } from './redis.ts'
import { type TestCounts, tapReport } from './tap-report.ts'

const ROOT = join(import.meta.dirname, '../../..')

export interface TestRun extends TestCounts {
  ok: boolean
}

/** One run of tap over all tests, or those that `args` name, with one private pair of servers, gone when it ends. */
export async function runTests(args: string[]): Promise<TestRun> {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-test-'))
  const [mysql, redis] = await Promise.all([
    startMysql({ dataDir: join(folder, 'mysql') }),
    startRedis({ dataDir: join(folder, 'redis') }),
  ])
  try {
    const report = tapReport(console.log)
    const servers = { TEST_DATABASE_URL: mysql.url, TEST_REDIS_URL: redis.url }
    const code = await runTap(['--reporter=tap', ...args], servers, report.write)
    report.end()
    const { counts } = report
    const ranAny = counts.passed + counts.failed > 0
    return { ...counts, ok: code === 0 && counts.failed === 0 && ranAny }
  } finally {
    await Promise.all([mysql.stop(), redis.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Waits for tap's end also when we are told to go: it reports what it was doing, and we still have to clean up. */
function runTap(args: string[], env: Record<string, string>, hear: (chunk: Buffer) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const tap = join(ROOT, 'node_modules/.bin/tap')
    const child = spawn(process.execPath, [tap, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.stdout.on('data', hear)
    process.on('SIGINT', () => {}) // tap has had it from the terminal
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    whenLauncherDies(() => child.kill('SIGTERM'))
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}
