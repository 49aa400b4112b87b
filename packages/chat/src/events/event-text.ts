import { type Caller, repairText, wellFormed } from '../shared/index.ts'

/** A person's text is refused when it is broken, an agent's is repaired. */
export function eventText(caller: Caller): (text: string, path: string) => string {
  return caller.role === 'agent' ? (text) => repairText(text) : wellFormed
}
