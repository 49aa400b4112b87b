import { parseArguments } from './ask/arguments.ts'
import { ask } from './ask/ask.ts'
import { describeError } from './ask/describe-error.ts'

process.stdout.on('error', () => process.exit(1)) // The reader of the pipe has closed it.

try {
  process.exitCode = await ask(parseArguments(process.argv.slice(2)), process)
} catch (error) {
  const { line, exitCode } = describeError(error)
  console.error(line)
  process.exitCode = exitCode
}
