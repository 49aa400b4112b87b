import { checkWellFormed, type Principal, repairText } from '../shared/index.ts'

/** Refuses a person's text if it is broken, and repairs an agent's. */
export function createTextCheck(caller: Principal): (text: string, path: string) => string {
  return caller.role === 'agent' ? (text) => repairText(text) : checkWellFormed
}
