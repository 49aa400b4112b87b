import { EnvironmentError, readEnvironment, WorkerEnvironment } from '@engineer-chat/adapters/environment'
import { examine } from '../src/doctor/examine.ts'
import { type Finding, wrong } from '../src/doctor/finding.ts'
import { exitCode, report } from '../src/doctor/report.ts'

// npm run doctor: what this machine's configuration leads to, and one thing to do for each that is wrong.

const findings = await found()
console.log(report(findings))
process.exitCode = exitCode(findings)

async function found(): Promise<Finding[]> {
  try {
    return await examine(readEnvironment(process.env, WorkerEnvironment), process.env)
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    return [wrong('Configuration', error.message, 'Set what is listed; docs/configuration.md says what each is for.')]
  }
}
