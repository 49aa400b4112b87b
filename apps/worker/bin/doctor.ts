import { parseArgs } from 'node:util'
import { EnvironmentError, readConfig, WORKER_SECTIONS } from '@engineer-chat/adapters/environment'
import { runChecks } from '../src/commands/doctor/examine.ts'
import { type Finding, wrong } from '../src/commands/doctor/finding.ts'
import { renderReport, toExitCode } from '../src/commands/doctor/report.ts'
import { findRunningProduct } from '../src/find-running-product.ts'

// npm run doctor [-- --data=.data]: what this machine's configuration leads to, and one thing to do for each that is wrong.

const { values } = parseArgs({ options: { data: { type: 'string' } } })
const findings = await found(findRunningProduct(process.env, values.data))
console.log(renderReport(findings))
process.exitCode = toExitCode(findings)

async function found(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  try {
    return await runChecks(readConfig(env, WORKER_SECTIONS), env)
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    return [wrong('Configuration', error.message, 'Set what is listed; docs/configuration.md says what each is for.')]
  }
}
