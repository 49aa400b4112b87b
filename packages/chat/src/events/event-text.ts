import { checkWellFormed, type Principal, repairText } from '../shared/index.ts'

/** A person's text is refused when it is broken, an agent's is repaired. */
export function createTextCheck(caller: Principal): (text: string, path: string) => string {
  return caller.role === 'agent' ? (text) => repairText(text) : checkWellFormed
}
