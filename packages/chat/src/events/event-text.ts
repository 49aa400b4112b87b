import { checkWellFormed, type Principal, repairText } from '../shared/index.ts'

/**
 * Returns a function that returns a text as it will be stored. The function repairs an agent's text. It returns the
 * text of anybody else unchanged, or throws ChatError validation_failed if that text is malformed.
 */
export function createTextCheck(caller: Principal): (text: string, path: string) => string {
  return caller.role === 'agent' ? (text) => repairText(text) : checkWellFormed
}
