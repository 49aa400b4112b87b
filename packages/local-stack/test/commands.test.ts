import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { COMMANDS, parseCommand, UsageError } from '@engineer-chat/process/commands'
import { test } from 'tap'

const ROOT = join(import.meta.dirname, '../../..')
const LAUNCHER = 'node packages/local-stack/bin/launch.mjs'
const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

interface Called {
  name: string
  launched: string[]
}

const called: Called[] = Object.entries(scripts).map(([name, script]) => {
  const [, launched = ''] = script.split(`${LAUNCHER} `)
  return { name, launched: launched.split(' ') }
})
const isOwnScript = ({ launched: [program = ''] }: Called) => /\.ts$/.test(program)

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

/** Calls for all items, some at once: each call is a process. */
async function forEach<T>(items: T[], call: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const work = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await call(item)
  }
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work))
}

test('[HOUSE12] the table has every command of package.json, and every program of the image', (t) => {
  const inTable = Object.entries(COMMANDS)
  const scriptNames = inTable.flatMap(([name, command]) => ('script' in command ? [name] : []))
  t.same(
    scriptNames.sort(),
    called
      .filter(isOwnScript)
      .map(({ name }) => name)
      .sort(),
  )
  const bundled = readFileSync(join(ROOT, 'deploy/bundle.ts'), 'utf8')
  for (const [, command] of inTable) {
    if (!('program' in command)) continue
    t.match(bundled, new RegExp(`['\\s]${command.program}'?: 'apps/`), `${command.program} is in the image`)
  }
  t.end()
})

test('[HOUSE12] each command prints its usage for --help, and refuses an unknown option with it', {
  timeout: 300_000,
}, async (t) => {
  await forEach(called.filter(isOwnScript), async ({ name, launched }) => {
    const usage = `Usage: npm ${['start', 'test'].includes(name) ? name : `run ${name}`}`
    const helped = await launch(...launched, '--help')
    t.match(helped, { code: 0, output: new RegExp(`^${usage}\\b[\\s\\S]* --help +shows this text`) }, name)
    const refused = await launch(...launched, '--no-such-option')
    t.match(refused, { code: 2, output: usage }, `${name} --no-such-option`)
  })
})

test('[HOUSE12] the commands that are tools of others have a help, too', { timeout: 120_000 }, async (t) => {
  const tools = called.filter((command) => !isOwnScript(command))
  t.same(tools.map(({ name }) => name).sort(), ['format', 'lint', 'migrate:generate', 'types'])
  await forEach(tools, async ({ name, launched }) => {
    t.ok(existsSync(join(ROOT, 'node_modules/.bin', launched[0] ?? '')), name)
    t.match(await launch(...launched, '--help'), { code: 0, output: /usage|commands/i }, name)
  })
})

test('[HOUSE12] a value of the wrong kind, an argument too many and a missing one are refused by name', (t) => {
  const getProblem = (...[name, args]: Parameters<typeof parseCommand>) => {
    try {
      parseCommand(name, args)
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
  t.equal(getProblem('backup', ['a', 'b']), 'There is an argument too many: b')
  t.equal(getProblem('doctor', ['--wrong']), "Unknown option '--wrong'.")
  t.end()
})
