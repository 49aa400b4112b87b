import { findHelp } from '@engineer-chat/process/commands'
import { parseArguments } from './ask/arguments.ts'
import { ask } from './ask/ask.ts'
import { describeError } from './ask/describe-error.ts'

process.stdout.on('error', () => process.exit(1)) // The reader of the pipe has closed it.

const args = process.argv.slice(2)
const help = findHelp('ask', args)
try {
  if (help !== undefined) console.log(help)
  else process.exitCode = await ask(parseArguments(args), process)
} catch (error) {
  const { line, exitCode } = describeError(error)
  console.error(line)
  process.exit(exitCode) // A request that nobody waits for any more would keep the process alive.
}
