import { readCommand } from '@engineer-chat/process/commands'
import { runTests } from '../src/checks/run-tests.ts'
import { toCountsLine } from '../src/checks/tap-report.ts'

readCommand('test')
const run = await runTests(process.argv.slice(2))
console.log(toCountsLine(run))
process.exitCode = run.ok ? 0 : 1
