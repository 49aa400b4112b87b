import { EnvironmentError, readConfig, WORKER_SECTIONS } from '@engineer-chat/adapters/environment'
import { readCommandLine } from '@engineer-chat/process/commands'
import { type Finding, fail } from '../src/commands/doctor/finding.ts'
import { renderReport, toExitCode } from '../src/commands/doctor/report.ts'
import { runChecks } from '../src/commands/doctor/run-checks.ts'
import { addRunningProductVariables } from '../src/running-product.ts'

// npm run doctor checks the configuration and the servers that it names, and names a fix for each failure.

const { values } = readCommandLine('doctor')
const findings = await runDoctor(addRunningProductVariables(process.env, values.data))
console.log(renderReport(findings))
process.exitCode = toExitCode(findings)

async function runDoctor(env: NodeJS.ProcessEnv): Promise<Finding[]> {
  try {
    const options = {
      apiCount: toCount(values.api),
      workerCount: toCount(values.workers),
      dataFolder: values.data,
    }
    return await runChecks(readConfig(env, WORKER_SECTIONS), env, options)
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    return [fail('Configuration', error.message, 'Set the listed variables; docs/configuration.md describes them.')]
  }
}

function toCount(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value)
}
