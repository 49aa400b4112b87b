import { readCommandLine } from '@engineer-chat/process/commands'
import { runTests } from '../src/checks/run-tests.ts'
import { toCountsLine } from '../src/checks/tap-report.ts'
import { runProgram } from '../src/processes/run-program.ts'

// Every step runs, also after a failure, so one run shows all failures. The launcher has added the tools to PATH.
const STEPS: [name: string, tool: string, ...args: string[]][] = [
  ['format, lint and floors', 'biome', 'check', '--error-on-warnings'],
  ['types', 'tsc'],
  ['types and build of the page', 'turbo', 'run', 'types', 'build'],
  ['dead code', 'knip'],
]

readCommandLine('check')
const failedSteps: string[] = []
for (const [name, tool, ...args] of STEPS) {
  const startedAtMs = Date.now()
  const { ok, output } = await runProgram(tool, args)
  console.log(`${ok ? 'ok' : 'FAILED'}  ${name} (${((Date.now() - startedAtMs) / 1_000).toFixed(1)} s)`)
  if (!ok) {
    failedSteps.push(name)
    console.log(output)
  }
}

const testRun = await runTests([])
if (failedSteps.length > 0) console.log(`FAILED before the tests: ${failedSteps.join('; ')}`)
console.log(toCountsLine(testRun))
process.exitCode = testRun.ok && failedSteps.length === 0 ? 0 : 1
