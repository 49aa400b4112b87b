import { UsageError } from '@engineer-chat/process/commands'
import { ApiProblem, ConnectionFailedError, RoomRefusedError } from '../../src/index.ts'
import { INTERRUPTED, InterruptedError } from './ask.ts'
import { PrerequisiteError } from './running-product.ts'
import { showControlCharacters } from './show-control-characters.ts'

/** Turns an expected error into one line for a person, and throws any other error again. */
export function describeError(error: unknown): { line: string; exitCode: number } {
  if (error instanceof UsageError) return { line: error.message, exitCode: 2 }
  if (error instanceof PrerequisiteError) return { line: error.message, exitCode: 1 }
  if (error instanceof InterruptedError) return { line: error.message, exitCode: INTERRUPTED }
  if (error instanceof ConnectionFailedError)
    return { line: "Engineer Chat doesn't answer: is `npm start` still running?", exitCode: 1 }
  if (error instanceof RoomRefusedError) return { line: 'You may not see this event any longer.', exitCode: 1 }
  if (error instanceof ApiProblem) return { line: showControlCharacters(toLine(error)), exitCode: 1 }
  throw error
}

function toLine({ code, message, problem }: ApiProblem): string {
  if (code === 'session_round_limit') return `${message} Add --session=new to start the next one.`
  const fields = problem.errors?.map(({ path, message }) => `${path} ${message}`).join('; ')
  return fields ? `${message} ${fields}` : message
}
