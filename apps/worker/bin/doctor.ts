import { parseArgs } from 'node:util'
import { EnvironmentError, readConfig, WORKER_SECTIONS } from '@engineer-chat/adapters/environment'
import { examine } from '../src/commands/doctor/examine.ts'
import { type Finding, wrong } from '../src/commands/doctor/finding.ts'
import { exitCode, report } from '../src/commands/doctor/report.ts'
import { besideNpmStart } from '../src/find-running-product.ts'

// npm run doctor [-- --data=.data]: what this machine's configuration leads to, and one thing to do for each that is wrong.

const { values } = parseArgs({ options: { data: { type: 'string' } } })
const findings = await found(besideNpmStart(process.env, values.data))
console.log(report(findings))
process.exitCode = exitCode(findings)

async function found(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  try {
    return await examine(readConfig(env, WORKER_SECTIONS), env)
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    return [wrong('Configuration', error.message, 'Set what is listed; docs/configuration.md says what each is for.')]
  }
}
