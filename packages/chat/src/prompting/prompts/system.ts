import type { RoomTotals, Total } from '../../shared/index.ts'
import { addFence } from '../fence.ts'
import type { Source } from '../sources/list-sources.ts'
import { PROMPT_MESSAGES, type PromptMessages } from './messages.ts'
import type { Language, Prompt } from './prompt.ts'

export interface SystemPrompt {
  language: Language
  fenceMarker: string
  summary_updated: boolean
  hasNoSummary: boolean
  /** Counts what the room has, so that the prompt can say how much it leaves out. */
  totals: RoomTotals | undefined
  sources: Source[]
}

/** Builds the system turn: the model's role, its task and rules, and the incident's data within fences. */
export function buildSystemPrompt(
  { task }: Prompt,
  { language, fenceMarker, summary_updated, hasNoSummary, totals, sources }: SystemPrompt,
): string {
  const messages = PROMPT_MESSAGES[language]
  return [
    `${messages.role} ${task[language]}`,
    messages.rules,
    messages.explainFence(fenceMarker),
    ...(summary_updated ? [messages.summaryChanged] : []),
    ...(hasNoSummary ? [messages.noSummary] : []),
    ...(totals ? writeLeftOut(totals, sources, messages) : []),
    ...sources.map(({ id, label, promptLabel = label, text }) => addFence(fenceMarker, `${id} ${promptLabel}`, text)),
  ].join('\n\n')
}

/** Says how many messages, pins and changes of the room the prompt lacks. The list is empty if it lacks none. */
function writeLeftOut(totals: RoomTotals, sources: Source[], messages: PromptMessages): string[] {
  const countMissing = ({ count, isLimited }: Total, kind: Source['kind']): string | undefined => {
    const missing = count - sources.filter((source) => source.kind === kind).length
    if (missing <= 0) return undefined
    return isLimited ? `${missing}+` : `${missing}`
  }
  const leftOut = {
    messages: countMissing(totals.messages, 'message'),
    pins: countMissing(totals.pins, 'pin'),
    changes: countMissing(totals.changes, 'change'),
  }
  return Object.values(leftOut).some(Boolean) ? [messages.writeLeftOut(leftOut)] : []
}
