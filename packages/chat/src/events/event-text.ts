import { checkWellFormed, type Principal, repairText } from '../shared/index.ts'

/** Returns a function that refuses a person's text if it is malformed, and repairs an agent's text. */
export function createTextCheck(caller: Principal): (text: string, path: string) => string {
  return caller.role === 'agent' ? (text) => repairText(text) : checkWellFormed
}
