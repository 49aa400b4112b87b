import { readCommand } from '@engineer-chat/process/commands'
import { runTests } from '../src/checks/run-tests.ts'
import { toCountsLine } from '../src/checks/tap-report.ts'
import { run } from '../src/processes/run.ts'

// Every step runs, so that one run shows everything there is to mend. The launcher has put the tools into PATH.
const STEPS: [name: string, tool: string, ...args: string[]][] = [
  ['format, lint and borders', 'biome', 'check', '--error-on-warnings'],
  ['types', 'tsc'],
  ['types and build of what the browser gets', 'turbo', 'run', 'types', 'build'],
  ['dead code', 'knip'],
]

readCommand('check')
const failed: string[] = []
for (const [name, tool, ...args] of STEPS) {
  const started = Date.now()
  const { ok, output } = await run(tool, args)
  console.log(`${ok ? 'ok' : 'FAILED'}  ${name} (${((Date.now() - started) / 1_000).toFixed(1)} s)`)
  if (!ok) {
    failed.push(name)
    console.log(output)
  }
}

const tests = await runTests([])
if (failed.length > 0) console.log(`FAILED before the tests: ${failed.join('; ')}`)
console.log(toCountsLine(tests))
process.exitCode = tests.ok && failed.length === 0 ? 0 : 1
