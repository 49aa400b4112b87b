import { readCommand } from '@engineer-chat/process/commands'
import { runTests } from '../src/checks/run-tests.ts'
import { toCountsLine } from '../src/checks/tap-report.ts'

readCommand('test')
const testRun = await runTests(process.argv.slice(2))
console.log(toCountsLine(testRun))
process.exitCode = testRun.ok ? 0 : 1
