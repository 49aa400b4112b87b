import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { COMMANDS, parseCommandLine, UsageError } from '@engineer-chat/process/commands'
import { test } from 'tap'

const ROOT = join(import.meta.dirname, '../../..')
const LAUNCHER = 'node packages/local-stack/bin/launch.mjs'
const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

interface LaunchedScript {
  name: string
  /** Holds the arguments of the launcher: the program, and then the arguments of the program. */
  launchedArguments: string[]
}

const launchedScripts: LaunchedScript[] = Object.entries(scripts).map(([name, script]) => {
  const [, afterLauncher = ''] = script.split(`${LAUNCHER} `)
  return { name, launchedArguments: afterLauncher.split(' ') }
})
const isOwnScript = ({ launchedArguments: [program = ''] }: LaunchedScript) => /\.ts$/.test(program)

function launch(...args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const program = join(ROOT, 'packages/local-stack/bin/launch.mjs')
    // Tap adds its loader to each process that a test starts, and the compiler doesn't start with it.
    const withoutLoader = ['-u', 'NODE_OPTIONS', process.execPath, program, ...args]
    const child = execFile('env', withoutLoader, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, output: stdout + stderr }),
    )
  })
}

const MAX_PARALLEL_CALLS = 4

/** Calls a function for all items, at most four at a time, because each call starts a process. */
async function forEachInParallel<T>(items: T[], call: (item: T) => Promise<void>): Promise<void> {
  const remaining = [...items]
  const runNext = async () => {
    for (let item = remaining.shift(); item !== undefined; item = remaining.shift()) await call(item)
  }
  await Promise.all(Array.from({ length: Math.min(MAX_PARALLEL_CALLS, availableParallelism()) }, runNext))
}

test('[HOUSE12] COMMANDS lists every command of package.json, and its programs are in the image', (t) => {
  const commands = Object.entries(COMMANDS)
  const scriptNames = commands.flatMap(([name, command]) => ('script' in command ? [name] : []))
  t.same(
    scriptNames.sort(),
    launchedScripts
      .filter(isOwnScript)
      .map(({ name }) => name)
      .sort(),
  )
  const bundleScript = readFileSync(join(ROOT, 'deploy/bundle.ts'), 'utf8')
  for (const [, command] of commands) {
    if (!('program' in command)) continue
    t.match(bundleScript, new RegExp(`['\\s]${command.program}'?: 'apps/`), `${command.program} is in the image`)
  }
  t.end()
})

test('[HOUSE12] each command prints its usage for --help, and refuses an unknown option with the usage', {
  timeout: 300_000,
}, async (t) => {
  await forEachInParallel(launchedScripts.filter(isOwnScript), async ({ name, launchedArguments }) => {
    const usage = `Usage: npm ${['start', 'test'].includes(name) ? name : `run ${name}`}`
    const helpResult = await launch(...launchedArguments, '--help')
    t.match(helpResult, { code: 0, output: new RegExp(`^${usage}\\b[\\s\\S]* --help +shows this text`) }, name)
    const refusalResult = await launch(...launchedArguments, '--no-such-option')
    t.match(refusalResult, { code: 2, output: usage }, `${name} --no-such-option`)
  })
})

test('[HOUSE12] the commands that run other tools print their usage, too', { timeout: 120_000 }, async (t) => {
  const tools = launchedScripts.filter((command) => !isOwnScript(command))
  t.same(tools.map(({ name }) => name).sort(), ['format', 'lint', 'migrate:generate', 'types'])
  await forEachInParallel(tools, async ({ name, launchedArguments }) => {
    t.ok(existsSync(join(ROOT, 'node_modules/.bin', launchedArguments[0] ?? '')), name)
    t.match(await launch(...launchedArguments, '--help'), { code: 0, output: /usage|commands/i }, name)
  })
})

test('[HOUSE12] a wrong value, an unexpected argument and a missing argument are named in the error', (t) => {
  const getProblem = (...[name, args]: Parameters<typeof parseCommandLine>) => {
    try {
      parseCommandLine(name, args)
    } catch (error) {
      if (error instanceof UsageError) return error.message.split('\n')[0]
      throw error
    }
    return undefined
  }
  t.equal(getProblem('dead-letters', ['--limit=0']), '--limit=0: expected a whole number from 1 to 1000000.')
  t.equal(getProblem('dead-letters', ['--limit=x']), '--limit=x: expected a whole number from 1 to 1000000.')
  t.equal(getProblem('dead-letters', ['--limit=1']), undefined)
  t.equal(getProblem('chaos', ['--redis=none']), '--redis=none: expected one of single, sentinel, cluster.')
  t.equal(getProblem('backup', []), 'Expected FILE.sql.gz.')
  t.equal(getProblem('backup', ['a', 'b']), 'Unexpected argument: b')
  t.equal(getProblem('doctor', ['--wrong']), "Unknown option '--wrong'.")
  t.end()
})
