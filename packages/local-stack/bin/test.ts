import { runTests } from '../src/run-tests.ts'
import { countsLine } from '../src/tap-report.ts'

const run = await runTests(process.argv.slice(2))
console.log(countsLine(run))
process.exitCode = run.ok ? 0 : 1
