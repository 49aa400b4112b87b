import { type Principal, repairText, requireWellFormed } from '../shared/index.ts'

/**
 * Returns a text as it will be stored. `path` is the JSON pointer of its field in the request.
 * @throws ChatError validation_failed
 */
export type TextCheck = (text: string, path: string) => string

/** Creates a check that repairs the texts of an agent, and refuses malformed texts of anybody else. */
export function createTextCheck(caller: Principal): TextCheck {
  return caller.role === 'agent' ? (text) => repairText(text) : requireWellFormed
}
