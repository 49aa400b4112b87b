import { ApiProblem, ConnectionFailed, RoomRefused } from '../../src/index.ts'
import { UsageError } from './arguments.ts'
import { printable } from './printable.ts'
import { NotThere } from './running-product.ts'

/** One line for a person; what nobody expected goes on as it is. */
export function complaintOf(error: unknown): { line: string; exitCode: number } {
  if (error instanceof UsageError) return { line: error.message, exitCode: 2 }
  if (error instanceof NotThere) return { line: error.message, exitCode: 1 }
  if (error instanceof ConnectionFailed)
    return { line: "Engineer Chat doesn't answer: is `npm start` still running?", exitCode: 1 }
  if (error instanceof RoomRefused) return { line: 'You may not see this event any longer.', exitCode: 1 }
  if (error instanceof ApiProblem) return { line: printable(said(error)), exitCode: 1 }
  throw error
}

function said({ code, message, problem }: ApiProblem): string {
  if (code === 'session_round_limit') return `${message} Add --session=new to start the next one.`
  const fields = problem.errors?.map(({ path, message }) => `${path} ${message}`).join('; ')
  return fields ? `${message} ${fields}` : message
}
