import { readCommandLine } from '@engineer-chat/process/commands'
import { runTests } from '../src/checks/run-tests.ts'
import { toCountsLine } from '../src/checks/tap-report.ts'

readCommandLine('test')
const testRun = await runTests(process.argv.slice(2))
console.log(toCountsLine(testRun))
process.exitCode = testRun.ok ? 0 : 1
