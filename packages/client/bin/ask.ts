import { parseArguments } from './ask/arguments.ts'
import { ask } from './ask/ask.ts'
import { complaintOf } from './ask/usage-error.ts'

process.stdout.on('error', () => process.exit(1)) // the reader of a pipe is gone

try {
  process.exitCode = await ask(parseArguments(process.argv.slice(2)), process)
} catch (error) {
  const { line, exitCode } = complaintOf(error)
  console.error(line)
  process.exitCode = exitCode
}
